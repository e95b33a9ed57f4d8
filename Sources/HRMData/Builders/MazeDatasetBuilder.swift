public import Foundation
import HRMFiles

/// Builds data-set folders of mazes: a training and a test split in the reference's format.
///
/// A cell's token is its raw value, 1 to 5. Every maze is one puzzle with one example and the blank
/// identifier; a group is a maze and optionally its rotated and flipped images: seven for a square,
/// three for another rectangle.
public struct MazeDatasetBuilder: Sendable {
    /// The source of mazes; files are read by `MazeCSVReader`.
    public typealias Source = PuzzleSource<MazePuzzle>

    /// A summary of a build.
    public struct Report: Sendable, Hashable {
        /// The size of the mazes.
        public var size: MazeSize = 0
        /// The number of unaugmented training mazes, which equals the number of groups.
        public var trainingPuzzles = 0
        /// The number of training examples, including images.
        public var trainingExamples = 0
        /// The number of test mazes.
        public var testPuzzles = 0
        /// The number of training mazes, or images of them, that are also test mazes.
        public var sharedPuzzles = 0
    }

    /// The number of training mazes to choose at random without replacement; `nil` for all, in
    /// order.
    public var subsample: Int?
    /// True if the rotated and flipped images of the same size are added for each training maze.
    public var isAugmented: Bool
    /// True if the answers in files must be shortest paths through their questions.
    public var checksAnswers: Bool

    /// Creates a builder.
    ///
    /// - Precondition: `subsample` is positive.
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
    ///   - train: The training mazes, to which ``subsample`` and ``isAugmented`` apply.
    ///   - test: The test mazes, written in order.
    ///   - output: The folder to create; it must not exist.
    ///   - generator: Chooses the subsample.
    /// - Returns: A summary of the build.
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
        return try AtomicFolder.create(
            output, failure: { MazeBuildError.dataset(DatasetError($0)) }
        ) {
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
        try DatasetFiles.write(
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

/// An error in building a data set of mazes.
public enum MazeBuildError: Error, Equatable, Sendable {
    /// A file of mazes is not usable.
    case csv(MazeCSVError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split has no mazes.
    case noPuzzles(split: String)
    /// There are fewer mazes than the requested subsample.
    case subsampleTooLarge(wanted: Int, available: Int)
    /// The mazes have different sizes.
    case mixedSizes(found: MazeSize, expected: MazeSize)
}

extension MazeBuildError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .csv(let error): error.description
        case .dataset(let error): error.description
        case .noPuzzles(let split): "the \(split) split has no maze; give at least one"
        case .subsampleTooLarge(let wanted, let available):
            "a subsample of \(wanted.counted("training maze")) is wanted, but there \(available.word("is", "are")) \(available); ask "
                + "for at most as many"
        case .mixedSizes(let found, let expected):
            "\(found.withArticle) maze is among others of \(expected); build a data set "
                + "for each size"
        }
    }
}
