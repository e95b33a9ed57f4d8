import Foundation
import HRMFiles

/// The state of a run of one task in a safetensors file.
///
/// A run that continues from the file gives the same answers, bit for bit, as one without a break.
enum TaskRunFile {
    private static let format = "hrm-per-task"
    private static let version = "1"
    private static let learnerPrefix = "learner."

    /// The metadata of a state file.
    private enum Key: String {
        case format, version, task, settings, step, seconds, diverged
        case lastChange = "last_change"
    }

    /// Writes the state of a run atomically.
    ///
    /// - Throws: `SafetensorsError` with the file.
    static func write(_ run: TaskRun, to url: URL) throws(SafetensorsError) {
        let state = run.learner.state()
        var file = SafetensorsFile()
        let entries: [(Key, String)] = [
            (.format, format), (.version, version), (.task, run.examples.digest),
            (.settings, run.options.trajectory), (.step, String(state.step)),
            (.seconds, String(run.seconds)), (.diverged, String(run.hasDiverged)),
            (.lastChange, String(run.selection.lastChange)),
        ]
        for (key, value) in entries { file.metadata[key.rawValue] = value }
        for (name, values) in state.tensors {
            file[learnerPrefix + name] = .float32(values, shape: [values.count])
        }
        file["generator"] = .int64(
            state.generator.map { Int(bitPattern: UInt($0)) }, shape: [state.generator.count])
        SelectionTensors.add(run.selection, to: &file)
        try file.write(to: url)
    }

    /// Continues a run from a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - run: A run of the same task with the same options, before its first step.
    /// - Throws: ``TaskRunFileError``; the run is then unchanged.
    static func read(_ url: URL, into run: TaskRun) throws(TaskRunFileError) {
        let file: SafetensorsFile
        do throws(SafetensorsError) {
            file = try SafetensorsFile(contentsOf: url)
        } catch {
            throw .file(error)
        }
        func damaged(_ reason: String) -> TaskRunFileError {
            .damaged(path: url.path, reason: reason)
        }
        func text(_ key: Key) throws(TaskRunFileError) -> String {
            guard let text = file.metadata[key.rawValue] else {
                throw damaged("'\(key.rawValue)' is missing in its metadata")
            }
            return text
        }
        guard try text(.format) == format, try text(.version) == version else {
            throw damaged("it is not the state of a task of this version")
        }
        guard try text(.task) == run.examples.digest else {
            throw .otherTask(path: url.path, task: run.examples.name)
        }
        guard try text(.settings) == run.options.trajectory else {
            throw .otherSettings(path: url.path)
        }
        guard let step = Int(try text(.step)), (0...1_000_000_000).contains(step),
            let lastChange = Int(try text(.lastChange)), (-1..<max(step, 1)).contains(lastChange),
            let seconds = Double(try text(.seconds)), seconds >= 0, seconds.isFinite,
            let hasDiverged = Bool(try text(.diverged))
        else { throw damaged("a number of its metadata is impossible") }

        let fresh = run.learner.state()
        var state = TaskLearnerState(step: step, tensors: [:], generator: [])
        let names = file.names.filter { $0.hasPrefix(learnerPrefix) }
        guard names.count == fresh.tensors.count else {
            throw damaged(
                "it has \(names.count.counted("tensor")) of a learner, \(fresh.tensors.count) are "
                    + "expected")
        }
        for (name, expected) in fresh.tensors {
            guard let tensor = file[learnerPrefix + name], tensor.elementType == .float32,
                tensor.elementCount == expected.count
            else {
                throw damaged("tensor '\(name)' is missing or has another size")
            }
            state.tensors[name] = tensor.floats()
        }
        guard let words = file["generator"], words.elementType == .int64,
            let values = words.integers(), values.count == fresh.generator.count
        else { throw damaged("the state of the generator is missing or has another size") }
        state.generator = values.map { UInt64(UInt(bitPattern: $0)) }
        do throws(SelectionTensors.Problem) {
            let selection = try SelectionTensors.selection(
                in: file, task: run.tensors, options: run.options, steps: step,
                lastChange: lastChange)
            run.restore(
                state, selection: selection, seconds: seconds, hasDiverged: hasDiverged)
        } catch {
            throw damaged(error.reason)
        }
    }
}
