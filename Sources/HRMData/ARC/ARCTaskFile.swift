import Foundation
import HRMFiles

/// What all files of ARC tasks have in common: sizes, names, and answers that are in a file of their
/// own.
///
/// Keys other than those of a task are passed over; everything else must be as it should.
enum ARCTaskFile {
    /// Bytes of a file at most.
    static let longest = 1 << 25

    /// Many tasks by name, sorted.
    ///
    /// - Parameter url: An object of tasks.
    /// - Returns: The tasks.
    /// - Throws: ``ARCTaskError`` naming file, task and place.
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
    ///   - answers: The other file's content.
    ///   - url: The other file.
    ///   - challenges: The file of the tasks.
    /// - Returns: The places where the file of the tasks had another answer, which is replaced.
    /// - Throws: ``ARCTaskError`` when the two do not fit together.
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
