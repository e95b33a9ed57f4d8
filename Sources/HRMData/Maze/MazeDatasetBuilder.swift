public import Foundation

/// Builds data-set folders of mazes: a training and a test split in the reference's format.
///
/// A cell's token is its raw value, 1 to 5. Every maze is a puzzle of its own with one example and
/// the blank identifier; a group is an original and, if wanted, its rotated and flipped images: seven of
/// a square, three of another rectangle.
public struct MazeDatasetBuilder: Sendable {
    /// Where mazes come from; files are read by ``MazeCSVReader``.
    public typealias Source = PuzzleSource<MazePuzzle>

    /// What happened.
    public struct Report: Sendable, Hashable {
        /// Rows and columns of the mazes.
        public var size: MazeSize = 0
        /// Original training mazes, which are the groups.
        public var trainingPuzzles = 0
        /// Training examples, images included.
        public var trainingExamples = 0
        /// Test mazes.
        public var testPuzzles = 0
        /// Training mazes, or images of such, that are test mazes, too.
        public var sharedPuzzles = 0
    }

    /// Use this many training mazes, chosen at random without replacement; `nil`: all, in order.
    public var subsample: Int?
    /// Whether each training maze is joined by its rotated and flipped images of the same size.
    public var isAugmented: Bool
    /// Whether the answers of files must be shortest ways through their questions.
    public var checksAnswers: Bool

    /// A builder.
    ///
    /// - Precondition: The subsample is positive.
    public init(subsample: Int? = nil, isAugmented: Bool = false, checksAnswers: Bool = true) {
        precondition(subsample ?? 1 > 0, "a subsample of \(subsample ?? 0) mazes")
        self.subsample = subsample
        self.isAugmented = isAugmented
        self.checksAnswers = checksAnswers
    }

    /// Builds a folder with `train`, `test`, `identifiers.json` and `task.json`.
    ///
    /// The folder appears complete or not at all.
    ///
    /// - Parameters:
    ///   - train: Training mazes; ``subsample`` and ``isAugmented`` are for them.
    ///   - test: Test mazes, written in order.
    ///   - output: The folder to be; it must not exist.
    ///   - generator: Chooses the subsample.
    /// - Returns: What was written.
    /// - Throws: ``MazeBuildError``.
    public func build(
        train: Source, test: Source, output: URL,
        using generator: inout some RandomNumberGenerator
    ) throws(MazeBuildError) -> Report {
        let testPuzzles = try puzzles(of: test, split: "test", size: nil)
        let size = testPuzzles[0].question.size
        var trainingPuzzles = try puzzles(of: train, split: "train", size: size)
        if let subsample {
            guard subsample <= trainingPuzzles.count else {
                throw .subsampleTooLarge(wanted: subsample, available: trainingPuzzles.count)
            }
            trainingPuzzles = ErasedGenerator.erasing(&generator) { generator in
                Array(trainingPuzzles.shuffled(using: &generator).prefix(subsample))
            }
        }
        let chosen = trainingPuzzles
        return try AtomicFolder.create(output, failure: MazeBuildError.dataset) {
            (folder) throws(MazeBuildError) in
            do throws(DatasetError) {
                return try write(chosen, testPuzzles, size: size, into: folder)
            } catch {
                throw .dataset(error)
            }
        }
    }

    private func write(
        _ train: [MazePuzzle], _ test: [MazePuzzle], size: MazeSize, into folder: URL
    ) throws(DatasetError) -> Report {
        func writer(_ split: String) throws(DatasetError) -> SplitWriter {
            try SplitWriter(
                folder: folder.appendingPathComponent(split), sequenceLength: size.cellCount,
                vocabularySize: Maze.vocabularySize)
        }
        var report = Report(size: size)
        var tests = try writer("test")
        var tested: Set<UInt64> = []
        for puzzle in test {
            tested.insert(puzzle.question.fingerprint)
            try tests.append(input: puzzle.question.tokens, label: puzzle.answer.tokens)
            tests.endGroup()
        }
        try tests.finish()
        var training = try writer("train")
        let transforms = isAugmented ? size.symmetries : [.identity]
        for puzzle in train {
            for transform in transforms {
                let image = puzzle.transformed(by: transform)
                if tested.contains(image.question.fingerprint) { report.sharedPuzzles += 1 }
                try training.append(input: image.question.tokens, label: image.answer.tokens)
            }
            training.endGroup()
        }
        report.trainingPuzzles = train.count
        report.trainingExamples = training.exampleCount
        report.testPuzzles = test.count
        try training.finish()
        try AtomicFolder.write(
            PythonJSON.text(["<blank>"]), to: folder.appendingPathComponent("identifiers.json"))
        try PuzzleTask.maze(size: size).write(into: folder)
        return report
    }

    private func puzzles(
        of source: Source, split: String, size: MazeSize?
    ) throws(MazeBuildError) -> [MazePuzzle] {
        var result: [MazePuzzle] = []
        switch source {
        case .csv(let url):
            do {
                var reader = try MazeCSVReader(
                    contentsOf: url, size: size, checksAnswers: checksAnswers)
                while let puzzle = try reader.next() { result.append(puzzle) }
            } catch {
                throw .csv(error)
            }
        case .puzzles(let puzzles):
            result = puzzles
        }
        guard let first = result.first else { throw .noPuzzles(split: split) }
        let expected = size ?? first.question.size
        if let other = result.first(where: { $0.question.size != expected }) {
            throw .mixedSizes(found: other.question.size, expected: expected)
        }
        return result
    }
}

/// Why a data set of mazes could not be built.
public enum MazeBuildError: Error, Equatable, Sendable {
    /// A file of mazes cannot be used.
    case csv(MazeCSVError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split would have no maze.
    case noPuzzles(split: String)
    /// There are fewer mazes than are to be chosen.
    case subsampleTooLarge(wanted: Int, available: Int)
    /// Mazes of different sizes.
    case mixedSizes(found: MazeSize, expected: MazeSize)
}

extension MazeBuildError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .csv(let error): error.description
        case .dataset(let error): error.description
        case .noPuzzles(let split): "the \(split) split has no maze; give at least one"
        case .subsampleTooLarge(let wanted, let available):
            "a subsample of \(wanted) training mazes is wanted, but there are \(available); ask "
                + "for at most as many"
        case .mixedSizes(let found, let expected):
            "\(found.withArticle) maze is among others of \(expected); build a data set "
                + "for each size"
        }
    }
}
