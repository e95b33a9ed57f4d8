import Foundation

/// Reads the two forms of ARC files: a task a file, and the competition's file of many tasks with
/// another one for the answers.
///
/// Keys other than those of a task are passed over; everything else must be as it should.
enum ARCTaskFile {
    /// Bytes of a file with one task at most.
    static let longestTask = 1 << 20
    /// Bytes of a file with many tasks at most.
    static let longestCollection = 1 << 25

    /// One task, named as it says itself, or like the file.
    static func task(contentsOf url: URL) throws(ARCTaskError) -> ARCTask {
        let content = try decode(
            TaskContent.self, try bytes(of: url, limit: longestTask), path: url.path, holds: .task)
        let name = content.name ?? url.deletingPathExtension().lastPathComponent
        try checkName(name, path: url.path)
        return ARCTask(name: name, demonstrations: content.train, tests: content.test)
    }

    /// Many tasks by name, sorted.
    ///
    /// - Parameters:
    ///   - url: An object of tasks.
    ///   - solutions: An object with the outputs of each task's test inputs, if there is one.
    /// - Returns: The tasks.
    /// - Throws: ``ARCTaskError`` naming file, task and place.
    static func tasks(
        contentsOf url: URL, solutions: URL? = nil
    ) throws(ARCTaskError) -> [ARCTask] {
        let bytes = try bytes(of: url, limit: longestCollection)
        if let name = repeatedName(in: bytes) {
            throw ARCTaskError(path: url.path, problem: .duplicateTask(name, other: ""))
        }
        let contents = try decode([String: TaskContent].self, bytes, path: url.path, holds: .tasks)
        var tasks: [ARCTask] = []
        for (name, content) in contents.sorted(by: { $0.key < $1.key }) {
            try checkName(name, path: url.path)
            tasks.append(
                ARCTask(name: name, demonstrations: content.train, tests: content.test))
        }
        if let solutions {
            try answer(&tasks, from: solutions, challenges: url)
        }
        return tasks
    }

    /// Fills in the outputs of the test pairs.
    private static func answer(
        _ tasks: inout [ARCTask], from url: URL, challenges: URL
    ) throws(ARCTaskError) {
        let answers = try decode(
            [String: [GridContent]].self, try bytes(of: url, limit: longestCollection),
            path: url.path, holds: .answers)
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
                tasks[index].tests[pair].output = outputs[pair].grid
            }
        }
    }

    private static func bytes(of url: URL, limit: Int) throws(ARCTaskError) -> [UInt8] {
        do {
            return try ByteSource.bytes(of: url, atMost: limit)
        } catch {
            throw ARCTaskError(path: url.path, problem: .unreadable(reason: error.reason))
        }
    }

    private static func checkName(_ name: String, path: String) throws(ARCTaskError) {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, (1...200).contains(name.utf8.count), name != "<blank>" else {
            throw ARCTaskError(path: path, problem: .unusableName(name))
        }
        guard ARCAugmentation.parse(name).task == name else {
            throw ARCTaskError(path: path, problem: .augmentedName(name))
        }
    }

    /// A name that the object of a file has twice; a decoder would pass over one of them silently.
    private static func repeatedName(in bytes: [UInt8]) -> String? {
        var names: Set<[UInt8]> = []
        var depth = 0
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = position + 1
                position = start
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                // In the outermost object, only names are texts: tasks are objects.
                let name = Array(bytes[min(start, bytes.count)..<min(position, bytes.count)])
                if depth == 1, !names.insert(name).inserted {
                    return String(decoding: name, as: UTF8.self)
                }
            default: break
            }
            position += 1
        }
        return nil
    }
}
