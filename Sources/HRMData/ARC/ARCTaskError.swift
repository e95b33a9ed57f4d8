import HRMFiles

/// An error in a file of ARC tasks.
public struct ARCTaskError: Error, Equatable, Sendable {
    /// The file or folder.
    public var path: String
    /// The name of the task, if the file contains many.
    public var task: String?
    /// The place in the task; `nil` if the error concerns the whole file or task.
    public var place: Place?
    /// The problem.
    public var problem: Problem

    /// A place in a task; numbers count from 1.
    public struct Place: Equatable, Sendable {
        /// `train` or `test`.
        public var part: String
        /// The pair in this part.
        public var pair: Int?
        /// `input` or `output`.
        public var side: String?
        /// The row of the grid.
        public var row: Int?
        /// The column of the grid.
        public var column: Int?

        /// Creates a place.
        public init(
            part: String, pair: Int? = nil, side: String? = nil, row: Int? = nil,
            column: Int? = nil
        ) {
            self.part = part
            self.pair = pair
            self.side = side
            self.row = row
            self.column = column
        }
    }

    /// The problems of ARC task files.
    public enum Problem: Equatable, Sendable {
        /// The file or folder cannot be opened, or reading failed part-way.
        case unreadable(reason: String)
        /// The content is not JSON, or has a duplicate key.
        case notJSON(reason: String)
        /// The JSON value is not of the expected kind.
        case wrongKind(expected: String)
        /// An object lacks a required key.
        case missingKey(String)
        /// A task has no demonstrations, or no test pairs.
        case noPairs
        /// A grid has no cells.
        case emptyGrid
        /// A grid has too many rows.
        case tooManyRows(Int)
        /// A grid has too many columns.
        case tooManyColumns(Int)
        /// A row differs in length from the first one.
        case unevenRow(found: Int, expected: Int)
        /// A number is not a colour.
        case notAColor(Int)
        /// A name is not valid for a task.
        case unusableName(String)
        /// A name has the form of an augmented task's name.
        case augmentedName(String)
        /// A task occurs twice, with different content or in one file.
        case duplicateTask(String, other: String)
        /// The file is a model's submission in the competition's format.
        case submission
        /// A solution file lacks its challenge file.
        case missingChallenges(file: String)
        /// A task of the challenge file is missing from the solution file, or the reverse.
        case unmatchedTask(String, file: String)
        /// The number of answers differs from the number of test inputs.
        case solutionCount(found: Int, expected: Int)
        /// A folder has no tasks.
        case noTasks
        /// All files of a folder are compressed.
        case onlyCompressed(file: String)
        /// An evaluation name matches no source.
        case unknownEvaluation(known: [String])
        /// The name of an evaluation source matches both a folder and something in it with other
        /// tasks.
        case ambiguousEvaluation(outer: String, inner: String)
        /// Requested tasks occur in no source.
        case unknownTasks([String], count: Int)
    }

    /// Creates an error in a file.
    public init(path: String, task: String? = nil, place: Place? = nil, problem: Problem) {
        self.path = path
        self.task = task
        self.place = place
        self.problem = problem
    }
}

extension ARCTaskError: CustomStringConvertible {
    /// A sentence with the file, the task, the place, the problem and the remedy.
    public var description: String {
        let parts = [path, task.map { "task \($0)" }, place?.description]
            .compactMap { $0?.printable }
        return parts.joined(separator: ", ") + ": " + problem.description
    }
}

extension ARCTaskError.Place: CustomStringConvertible {
    /// The place in words: `train pair 2, input, row 3, column 4`.
    public var description: String {
        [
            pair.map { "\(part) pair \($0)" } ?? "'\(part)'", side, row.map { "row \($0)" },
            column.map { "column \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }
}

extension ARCTaskError.Problem: CustomStringConvertible {
    /// The problem and the remedy.
    public var description: String {
        let side = ARCTask.largestSide
        return switch self {
        case .unreadable(let reason):
            "it cannot be read: \(reason)"
        case .notJSON(let reason): reason
        case .wrongKind(let expected):
            "this is not \(expected); correct it or remove the task"
        case .missingKey(let key):
            "the key \(key.quoted) is missing; a task is an object with 'train' and 'test', lists of "
                + "pairs with 'input' and 'output'"
        case .noPairs:
            "there is no pair; a task needs at least one to learn from and one to solve"
        case .emptyGrid:
            "the grid is empty; it needs at least one cell"
        case .tooManyRows(let count):
            "the grid has \(count) rows, at most \(side) are possible"
        case .tooManyColumns(let count):
            "the grid has \(count) columns, at most \(side) are possible"
        case .unevenRow(let found, let expected):
            "the row has \(found.counted("cell")), the first one has \(expected); make the grid rectangular"
        case .notAColor(let value):
            "the colour \(value) does not exist; colours are 0 to \(ARCTask.colorCount - 1)"
        case .unusableName(let name):
            "\(name.quoted) cannot be the name of a task; use 1 to 200 printable characters"
        case .augmentedName(let name):
            "the task's name \(name.quoted) looks like that of an augmented task; rename it"
        case .duplicateTask(let name, let other):
            other.isEmpty
                ? "the task \(name.printable) is there twice, perhaps in two spellings of the same "
                    + "characters; remove one of them"
                : "the task \(name.printable) is in \(other.printable), too, with other pairs; remove "
                    + "one of them or leave out a source"
        case .submission:
            "these are a model's attempts; tasks are in a file of challenges"
        case .missingChallenges(let file):
            "there are answers without tasks; put \(file.printable) beside it"
        case .unmatchedTask(let name, let file):
            "the task \(name.printable) is not in \(file.printable); the two files belong to different sets"
        case .solutionCount(let found, let expected):
            "there \(found.word("is", "are")) \(found.counted("answer")) to \(expected.counted("test input"))"
        case .noTasks:
            "there is no task in it; name a folder with a JSON file a task, or with files "
                + "named *_challenges.json"
        case .onlyCompressed(let file):
            "there is no task in it that can be read: \(file.printable) is compressed; unpack such "
                + "files with 'gunzip' first"
        case .unknownEvaluation(let known):
            "no source, and no folder or file in one, has this name; there are "
                + known.prefix(12).map(\.printable).joined(separator: ", ")
        case .ambiguousEvaluation(let outer, let inner):
            "the name means \(outer.printable), and also \(inner.printable) in it, which has not all of "
                + "its tasks; write --evaluation and the path of the one that is meant"
        case .unknownTasks(let names, let count):
            "among \(count.counted("task")) none is named "
                + names.prefix(12).map(\.printable).joined(separator: ", ")
                + "; names are those of files, or the keys in a file of many"
        }
    }
}
