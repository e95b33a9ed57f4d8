public import Foundation

/// Tasks from folders and files, each with where it is from.
public struct ARCTaskCollection: Sendable {
    /// A task and where it is from.
    public struct Entry: Sendable, Hashable {
        /// The task.
        public var task: ARCTask
        /// Whether it is there to measure on: its folder is named `evaluation`, or its file
        /// `…evaluation_challenges.json` or `…test_challenges.json`.
        public var isEvaluation: Bool

        /// A task.
        public init(_ task: ARCTask, isEvaluation: Bool = false) {
            self.task = task
            self.isEvaluation = isEvaluation
        }
    }

    /// The tasks: sources as they were given, the files of each sorted by their paths.
    public private(set) var entries: [Entry] = []

    private var paths: [String: String] = [:]

    /// Folders in folders at most.
    private static let deepest = 16
    private static let evaluation = "evaluation"

    /// Reads all tasks of some folders, whatever is below them included, or files.
    ///
    /// A folder with files named `…_challenges.json` is one of the competition's: the answers are in
    /// files named `…_solutions.json`, where they are known, and other files do not count. In other
    /// folders each file named `….json` is a task. A file may be named instead of a folder.
    ///
    /// - Parameter sources: Folders or files.
    /// - Throws: ``ARCTaskError`` when one cannot be read, has no task, or a task is there twice.
    public init(sources: [URL]) throws(ARCTaskError) {
        for source in sources {
            let before = entries.count
            switch try Self.kind(of: source) {
            case .typeDirectory:
                try addFolder(
                    source, isEvaluation: source.lastPathComponent == Self.evaluation, depth: 0)
            default: try addFile(source, isEvaluation: false)
            }
            guard entries.count > before else {
                throw ARCTaskError(path: source.path, problem: .noTasks)
            }
        }
    }

    private mutating func addFolder(
        _ folder: URL, isEvaluation: Bool, depth: Int
    ) throws(ARCTaskError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw ARCTaskError(
                path: folder.path, problem: .unreadable(reason: FileProblem(error).reason))
        }
        let visible = names.filter { !$0.hasPrefix(".") }.sorted()
        let isCompetition = visible.contains { $0.hasSuffix(Suffix.challenges) }
        for name in visible {
            let url = folder.appendingPathComponent(name)
            // Links are not followed to folders: they may lead in circles.
            let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
            if type as? FileAttributeType == .typeDirectory {
                guard depth < Self.deepest else { continue }
                try addFolder(
                    url, isEvaluation: isEvaluation || name == Self.evaluation, depth: depth + 1)
            } else if name.hasSuffix(isCompetition ? Suffix.challenges : ".json") {
                try addFile(url, isEvaluation: isEvaluation)
            }
        }
    }

    private mutating func addFile(_ url: URL, isEvaluation: Bool) throws(ARCTaskError) {
        let name = url.lastPathComponent
        if name.hasSuffix(Suffix.solutions) {
            throw ARCTaskError(
                path: url.path,
                problem: .missingChallenges(
                    file: name.dropLast(Suffix.solutions.count) + Suffix.challenges))
        }
        guard name.hasSuffix(Suffix.challenges) else {
            try add(try ARCTaskFile.task(contentsOf: url), from: url, isEvaluation: isEvaluation)
            return
        }
        let stem = String(name.dropLast(Suffix.challenges.count))
        let solutions = url.deletingLastPathComponent()
            .appendingPathComponent(stem + Suffix.solutions)
        let isAnswered = FileManager.default.fileExists(atPath: solutions.path)
        let part = stem.split(whereSeparator: { $0 == "_" || $0 == "-" }).last
        let isMeasured = isEvaluation || part == "evaluation" || part == "test"
        for task in try ARCTaskFile.tasks(
            contentsOf: url, solutions: isAnswered ? solutions : nil)
        {
            try add(task, from: url, isEvaluation: isMeasured)
        }
    }

    private mutating func add(
        _ task: ARCTask, from url: URL, isEvaluation: Bool
    ) throws(ARCTaskError) {
        if let other = paths.updateValue(url.path, forKey: task.name) {
            throw ARCTaskError(
                path: url.path, problem: .duplicateTask(task.name, other: other))
        }
        entries.append(Entry(task, isEvaluation: isEvaluation))
    }

    private static func kind(of url: URL) throws(ARCTaskError) -> FileAttributeType? {
        do {
            let path = url.resolvingSymlinksInPath().path
            return try FileManager.default.attributesOfItem(atPath: path)[.type]
                as? FileAttributeType
        } catch {
            throw ARCTaskError(
                path: url.path, problem: .unreadable(reason: FileProblem(error).reason))
        }
    }

    private enum Suffix {
        static let challenges = "_challenges.json"
        static let solutions = "_solutions.json"
    }
}
