/// Why a file of ARC tasks cannot be used.
public struct ARCTaskError: Error, Equatable, Sendable {
    /// The file or folder.
    public var path: String
    /// The task, where the file holds many.
    public var task: String?
    /// Where in the task; `nil` when it is about the whole file or task.
    public var place: Place?
    /// What is wrong.
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

        /// A place.
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

    /// What can be wrong with ARC tasks.
    public enum Problem: Equatable, Sendable {
        /// The file or folder cannot be opened, or reading stopped half-way.
        case unreadable(reason: String)
        /// Not JSON at all, or JSON that says something twice.
        case notJSON(reason: String)
        /// JSON, but something else than what belongs in this place.
        case wrongKind(expected: String)
        /// An object without one of its keys.
        case missingKey(String)
        /// A task without demonstrations, or without anything to solve.
        case noPairs
        /// A grid without cells.
        case emptyGrid
        /// More rows than a grid may have.
        case tooManyRows(Int)
        /// More columns than a grid may have.
        case tooManyColumns(Int)
        /// A row that is longer or shorter than the first one.
        case unevenRow(found: Int, expected: Int)
        /// A number that is no colour.
        case notAColor(Int)
        /// A name that cannot be one.
        case unusableName(String)
        /// A name that augmented tasks have.
        case augmentedName(String)
        /// A task that is there twice, with different content or in one file.
        case duplicateTask(String, other: String)
        /// Attempts of a model in the competition's format.
        case submission
        /// A file of answers without the file of questions.
        case missingChallenges(file: String)
        /// A task of a file of questions that the file of answers does not have, or the reverse.
        case unmatchedTask(String, file: String)
        /// Another number of answers than of questions.
        case solutionCount(found: Int, expected: Int)
        /// A folder without tasks.
        case noTasks
        /// A folder whose files are all compressed.
        case onlyCompressed(file: String)
        /// A source to measure on that is none of the sources.
        case unknownEvaluation(known: [String])
        /// A source to measure on whose name a folder has, and something in it with other tasks.
        case ambiguousEvaluation(outer: String, inner: String)
        /// Tasks to be chosen that no source has.
        case unknownTasks([String], count: Int)
    }

    /// An error in a file.
    public init(path: String, task: String? = nil, place: Place? = nil, problem: Problem) {
        self.path = path
        self.task = task
        self.place = place
        self.problem = problem
    }
}

extension ARCTaskError: CustomStringConvertible {
    /// One sentence: which file, task and place, what is wrong, and how to mend it.
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
    /// What is wrong, and how to mend it.
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
            "the row has \(found) cells, the first one has \(expected); make the grid rectangular"
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
            "there are \(found) answers to \(expected) test inputs"
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
            "among \(count) tasks none is named "
                + names.prefix(12).map(\.printable).joined(separator: ", ")
                + "; names are those of files, or the keys in a file of many"
        }
    }
}
