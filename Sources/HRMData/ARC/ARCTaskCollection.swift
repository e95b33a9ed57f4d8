public import Foundation

/// Tasks from folders and files, with the origin of each.
public struct ARCTaskCollection: Sendable {
    /// A task and its origin.
    public struct Entry: Sendable, Hashable {
        /// The task.
        public var task: ARCTask
        /// True if the task's source marks it as an evaluation task; see
        /// ``ARCTaskCollection/Origin``.
        public var isEvaluation: Bool
        /// The index into ``ARCTaskCollection/origins``; `nil` if the origin is unknown.
        public var origin: Int?

        /// Creates an entry.
        public init(_ task: ARCTask, isEvaluation: Bool = false, origin: Int? = nil) {
            self.task = task
            self.isEvaluation = isEvaluation
            self.origin = origin
        }
    }

    /// The origin of tasks: a file of many tasks, the folder whose name decides their use, or a
    /// whole source.
    public struct Origin: Sendable, Hashable {
        /// The file or folder.
        public var path: String
        /// True if its tasks are evaluation tasks.
        public var isEvaluation: Bool
        /// True if its name suggests evaluation tasks.
        ///
        /// It differs from ``isEvaluation`` only if the caller named the evaluation sources.
        public var soundsLikeEvaluation: Bool
    }

    /// A part of the sources that was not used unchanged.
    public enum Remark: Sendable, Hashable {
        /// A source that was given more than once; it is read once.
        case repeatedSource(path: String, other: String)
        /// Tasks that occur more than once with the same pairs, in two files or folders or in the
        /// same one; each is used once.
        case repeated(count: Int, path: String, other: String)
        /// A file without tasks, and the reason.
        case passedOver(path: String, reason: String)
        /// A task with two pairs of equal input and different output.
        ///
        /// `pairs` are the first two of them, counting from 1, demonstrations first.
        case contradictory(task: String, pairs: [Int])
    }

    /// The tasks, in the order of the sources; the files of a source are sorted by path.
    public private(set) var entries: [Entry] = []
    /// The origins of the tasks, in the order of the first task of each.
    public private(set) var origins: [Origin] = []
    /// Remarks on the parts of the sources that were not used unchanged.
    public private(set) var remarks: [Remark] = []

    private var places: [String: (entry: Int, path: String)] = [:]

    /// Reads all tasks of folders, including their subfolders, and of files.
    ///
    /// The kind of a JSON file is determined by its content: a task; an object of many tasks; a
    /// list of pairs, which become the demonstrations of a task with the file's name; or answers to
    /// the test inputs of a task file beside it, whose name has `challenges` in place of
    /// `solutions`. Beside a file of many tasks, files with other content are skipped with a
    /// remark.
    ///
    /// A task that occurs again with the same pairs is used once, with all known answers. It is an
    /// evaluation task if at least one of its sources is for evaluation. A source that is given
    /// again, possibly by a different path, is read once.
    ///
    /// - Parameters:
    ///   - sources: Folders or files.
    ///   - evaluation: The evaluation sources, or folders or files within sources, by path, by name
    ///     or by the last part of the name; a name selects all folders and files that have it. A
    ///     text with a `/` is a path. If nil, words such as `evaluation`, `validation` and `test`
    ///     in names decide; the innermost such name takes precedence.
    /// - Throws: ``ARCTaskError`` if a source cannot be read or has no tasks, a task occurs twice
    ///   with different pairs, or a name matches both a folder and something in it with other
    ///   tasks.
    public init(sources: [URL], evaluation: [String]? = nil) throws(ARCTaskError) {
        var reader = ARCSourceReader(evaluation: evaluation)
        var repetitions: [Remark] = []
        for (source, others) in Self.grouped(sources) {
            repetitions += others.map {
                .repeatedSource(
                    path: $0.standardizedFileURL.path, other: source.standardizedFileURL.path)
            }
            let before = reader.found.count
            try reader.read(source, others: others)
            guard reader.found.count > before else {
                let compressed = reader.compressed.first
                throw ARCTaskError(
                    path: source.path,
                    problem: compressed.map { .onlyCompressed(file: $0) } ?? .noTasks)
            }
        }
        if let name = reader.unmatchedNames.first {
            throw ARCTaskError(
                path: name, problem: .unknownEvaluation(known: reader.origins.map(\.path)))
        }
        if let (name, outer, inner) = reader.ambiguousName {
            throw ARCTaskError(
                path: name, problem: .ambiguousEvaluation(outer: outer, inner: inner))
        }
        origins = reader.origins
        var seen: Set<Remark> = []
        remarks = (repetitions + reader.remarks).filter { seen.insert($0).inserted }
        for found in reader.found { try add(found) }
        remarks += entries.compactMap { entry in
            entry.task.contradiction.map { .contradictory(task: entry.task.name, pairs: $0) }
        }
    }

    /// Returns each source once, with further paths of the same folder or file.
    private static func grouped(_ sources: [URL]) -> [(source: URL, others: [URL])] {
        var groups: [(source: URL, others: [URL])] = []
        var places: [String: Int] = [:]
        for source in sources {
            let path = source.resolvingSymlinksInPath().standardizedFileURL.path
            if let place = places[path] {
                groups[place].others.append(source)
            } else {
                places[path] = groups.count
                groups.append((source, []))
            }
        }
        return groups
    }

    /// Keeps only the tasks with these names.
    ///
    /// - Parameter names: The names.
    /// - Throws: ``ARCTaskError`` if a name matches no task.
    public mutating func keep(only names: [String]) throws(ARCTaskError) {
        let wanted = Set(names)
        let unknown = names.filter { places[$0] == nil }
        guard unknown.isEmpty else {
            throw ARCTaskError(
                path: origins.map(\.path).joined(separator: ", "),
                problem: .unknownTasks(unknown, count: entries.count))
        }
        entries.removeAll { !wanted.contains($0.task.name) }
        remarks.removeAll { remark in
            if case .contradictory(let task, _) = remark { !wanted.contains(task) } else { false }
        }
    }

    private mutating func add(_ found: ARCSourceReader.Found) throws(ARCTaskError) {
        let name = found.task.name
        guard let (index, path) = places[name] else {
            places[name] = (entries.count, found.path)
            entries.append(
                Entry(
                    found.task, isEvaluation: origins[found.origin].isEvaluation,
                    origin: found.origin))
            return
        }
        guard let merged = entries[index].task.merged(with: found.task) else {
            throw ARCTaskError(path: found.path, problem: .duplicateTask(name, other: path))
        }
        entries[index].task = merged
        if origins[found.origin].isEvaluation { entries[index].isEvaluation = true }
        note(
            repeatedIn: origins[found.origin].path,
            other: entries[index].origin.map { origins[$0].path } ?? path)
    }

    private mutating func note(repeatedIn path: String, other: String) {
        let place = remarks.firstIndex {
            if case .repeated(_, path, other) = $0 { true } else { false }
        }
        if let place, case .repeated(let count, _, _) = remarks[place] {
            remarks[place] = .repeated(count: count + 1, path: path, other: other)
        } else {
            remarks.append(.repeated(count: 1, path: path, other: other))
        }
    }
}

extension ARCTask {
    /// Returns the task with the answers of both copies; `nil` if the copies differ.
    fileprivate func merged(with other: ARCTask) -> ARCTask? {
        guard demonstrations == other.demonstrations,
            tests.map(\.input) == other.tests.map(\.input)
        else { return nil }
        var merged = self
        for (index, test) in other.tests.enumerated() {
            guard let output = test.output else { continue }
            if let known = tests[index].output, known != output { return nil }
            merged.tests[index].output = output
        }
        return merged
    }

    /// The numbers of two pairs with equal input and different output, counting from 1.
    fileprivate var contradiction: [Int]? {
        var first: [PuzzleGrid: (pair: Int, output: PuzzleGrid)] = [:]
        for (index, pair) in pairs.enumerated() {
            guard let output = pair.output else { continue }
            if let known = first[pair.input], known.output != output {
                return [known.pair, index + 1]
            }
            if first[pair.input] == nil { first[pair.input] = (index + 1, output) }
        }
        return nil
    }
}
