import Foundation
import HRMFiles

/// Helpers for files of ARC tasks: size limits, names, and answers in a separate file.
///
/// Keys that a task does not have are ignored; everything else must be valid.
enum ARCTaskFile {
    /// The maximum size of a file in bytes.
    static let longest = 1 << 25

    /// Reads a file of many tasks, sorted by name.
    ///
    /// - Parameter url: A file with an object of tasks.
    /// - Returns: The tasks.
    /// - Throws: ``ARCTaskError`` with the file, the task and the place.
    static func tasks(contentsOf url: URL) throws(ARCTaskError) -> [ARCTask] {
        let bytes = try bytes(of: url)
        _ = try outline(of: bytes, path: url.path)
        return try tasks(
            try decodeScanned([String: TaskContent].self, bytes, path: url.path, holds: .tasks),
            path: url.path)
    }

    /// The tasks of an object, sorted by name.
    static func tasks(
        _ contents: [String: TaskContent], path: String
    ) throws(ARCTaskError) -> [ARCTask] {
        var tasks: [ARCTask] = []
        for (name, content) in contents.sorted(by: { $0.key < $1.key }) {
            try checkName(name, path: path)
            tasks.append(
                ARCTask(name: name, demonstrations: content.train, tests: content.test))
        }
        return tasks
    }

    /// Fills in the outputs of the test pairs.
    ///
    /// - Parameters:
    ///   - tasks: Tasks whose answers are in another file.
    ///   - answers: The content of the solution file.
    ///   - url: The solution file.
    ///   - challenges: The challenge file.
    /// - Returns: The places where the challenge file had a different answer, which is replaced.
    /// - Throws: ``ARCTaskError`` if the two files do not match.
    static func answer(
        _ tasks: inout [ARCTask], with answers: [String: [GridContent]], from url: URL,
        challenges: URL
    ) throws(ARCTaskError) -> [String] {
        var replaced: [String] = []
        let names = Set(tasks.map(\.name))
        if let name = answers.keys.sorted().first(where: { !names.contains($0) }) {
            throw ARCTaskError(
                path: url.path,
                problem: .unmatchedTask(name, file: challenges.lastPathComponent))
        }
        for index in tasks.indices {
            let task = tasks[index]
            guard let outputs = answers[task.name] else {
                throw ARCTaskError(
                    path: challenges.path,
                    problem: .unmatchedTask(task.name, file: url.lastPathComponent))
            }
            guard outputs.count == task.tests.count else {
                throw ARCTaskError(
                    path: url.path, task: task.name,
                    problem: .solutionCount(found: outputs.count, expected: task.tests.count))
            }
            for pair in outputs.indices {
                let output = outputs[pair].grid
                if let known = task.tests[pair].output, known != output {
                    replaced.append("task \(task.name.printable), test pair \(pair + 1)")
                }
                tasks[index].tests[pair].output = output
            }
        }
        return replaced
    }

    static func bytes(of url: URL) throws(ARCTaskError) -> [UInt8] {
        do {
            return JSONText.utf8(try ByteSource.bytes(of: url, atMost: longest))
        } catch {
            throw ARCTaskError(path: url.path, problem: .unreadable(reason: error.reason))
        }
    }

    static func checkName(_ name: String, path: String) throws(ARCTaskError) {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, (1...200).contains(name.utf8.count), name != "<blank>" else {
            throw ARCTaskError(path: path, problem: .unusableName(name))
        }
        guard ARCAugmentation.parse(name).task == name else {
            throw ARCTaskError(path: path, problem: .augmentedName(name))
        }
    }
}
