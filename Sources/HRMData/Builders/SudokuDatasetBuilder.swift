public import Foundation
import HRMFiles

/// Builds data-set folders of Sudokus: a training and a test split in the reference's format.
///
/// A cell becomes the token digit + 1, a blank the token 1. Every board is one puzzle with one
/// example and the blank identifier; a group is a puzzle and its shuffles. No token is 0, so every
/// cell counts although 0 is the ignored label.
///
/// Examples are streamed to disk, so memory use does not grow with their number.
public struct SudokuDatasetBuilder: Sendable {
    /// The source of puzzles; files are read by `SudokuCSVReader`.
    public typealias Source = PuzzleSource<SudokuPuzzle>

    /// The geometry of the puzzles; `nil` for that of the first test puzzle.
    public var geometry: SudokuGeometry?

    /// The element type of stored tokens.
    public enum TokenStorage: Sendable, Hashable {
        /// uint8 everywhere: an eighth of the size of int64; the reference reads both.
        case compact
        /// The reference's choice: int64 for a training split with shuffles, else uint8.
        case reference
    }

    /// A summary of a build.
    public struct Report: Sendable, Hashable {
        /// The geometry of the puzzles.
        public var geometry: SudokuGeometry
        /// The number of unaugmented training puzzles, which equals the number of groups.
        public var trainingPuzzles = 0
        /// The number of training examples, including shuffles.
        public var trainingExamples = 0
        /// The number of test puzzles.
        public var testPuzzles = 0
        /// The number of unaugmented training puzzles that are also test puzzles.
        public var sharedPuzzles = 0
        /// The survey of test puzzles with several solutions, of which the data set has only one.
        package var survey = SudokuSurvey()
        /// Questions of both splits without a blank.
        package var filled = FilledQuestions()
    }

    /// The number of training puzzles to choose at random without replacement; `nil` for all, in
    /// order.
    public var subsample: Int?
    /// The number of random shuffles added for each training puzzle.
    public var augmentations: Int
    /// The element type of stored tokens.
    public var storage: TokenStorage

    /// The maximum number of draws for one shuffle that is not a test puzzle.
    static let drawsPerShuffle = 1000

    /// Creates a builder.
    ///
    /// - Precondition: `subsample` is positive, and `augmentations` is not negative.
    public init(
        geometry: SudokuGeometry? = nil, subsample: Int? = nil, augmentations: Int = 0,
        storage: TokenStorage = .compact
    ) {
        precondition(subsample ?? 1 > 0, "a subsample of \(subsample ?? 0) puzzles")
        precondition(augmentations >= 0, "\(augmentations) augmentations")
        self.geometry = geometry
        self.subsample = subsample
        self.augmentations = augmentations
        self.storage = storage
    }

    /// Builds a folder with `train`, `test` and `identifiers.json`.
    ///
    /// The folder appears complete or not at all. A shuffle of a training puzzle that equals a test
    /// puzzle is drawn again, so that the test split stays unseen unless the puzzles themselves
    /// overlap.
    ///
    /// - Parameters:
    ///   - train: The training puzzles, to which ``subsample`` and ``augmentations`` apply.
    ///   - test: The test puzzles, written in order.
    ///   - output: The folder to create; it must not exist.
    ///   - generator: Chooses the subsample and draws the shuffles.
    ///   - progress: Called from time to time with the split and the number of puzzles written.
    /// - Returns: A summary of the build.
    /// - Throws: ``SudokuBuildError``.
    public func build(
        train: Source, test: Source, output: URL,
        using generator: inout some RandomNumberGenerator,
        progress: (_ split: String, _ puzzles: Int) -> Void = { _, _ in }
    ) throws(SudokuBuildError) -> Report {
        try ErasedGenerator.erasing(&generator) { (generator) throws(SudokuBuildError) in
            try AtomicFolder.create(output, failure: { SudokuBuildError.dataset(DatasetError($0)) })
            {
                (folder) throws(SudokuBuildError) in
                try write(train, test, into: folder, using: &generator, progress: progress)
            }
        }
    }

    private func write(
        _ train: Source, _ test: Source, into folder: URL,
        using generator: inout ErasedGenerator, progress: (String, Int) -> Void
    ) throws(SudokuBuildError) -> Report {
        var testPuzzles = try PuzzleStream(test, geometry: self.geometry)
        guard let firstTest = try testPuzzles.next() else { throw .noPuzzles(split: "test") }
        let geometry = firstTest.geometry
        var report = Report(geometry: geometry)
        var tested: Set<UInt64> = []
        var testWriter = try SudokuSplitWriter(
            folder: folder.appendingPathComponent("test"), geometry: geometry, tokens: .uint8)
        var solver = SudokuSolver(geometry)
        var following: SudokuPuzzle? = firstTest
        while let puzzle = following {
            tested.insert(puzzle.question.fingerprint)
            report.survey.add(puzzle.question, using: &solver)
            try testWriter.append(puzzle)
            testWriter.endGroup()
            report.testPuzzles += 1
            if report.testPuzzles.isMultiple(of: 1024) { progress("test", report.testPuzzles) }
            following = try testPuzzles.next()
        }
        try testWriter.finish()
        report.filled.add(testPuzzles.filled)
        progress("test", report.testPuzzles)

        var trainingPuzzles = try PuzzleStream(train, geometry: geometry)
        if let subsample {
            let sample = try Self.sample(subsample, from: &trainingPuzzles, using: &generator)
            trainingPuzzles = PuzzleStream(sample, filled: trainingPuzzles.filled)
        }
        let tokens: NPYElementType =
            storage == .reference && augmentations > 0 ? .int64 : .uint8
        var writer = try SudokuSplitWriter(
            folder: folder.appendingPathComponent("train"), geometry: geometry, tokens: tokens)
        while let puzzle = try trainingPuzzles.next() {
            if tested.contains(puzzle.question.fingerprint) { report.sharedPuzzles += 1 }
            try writer.append(puzzle)
            for _ in 0..<augmentations {
                try writer.append(Self.shuffled(puzzle, avoiding: tested, using: &generator))
            }
            writer.endGroup()
            report.trainingPuzzles += 1
            if (report.trainingPuzzles * (augmentations + 1)) % 1024 <= augmentations {
                progress("train", report.trainingPuzzles)
            }
        }
        guard report.trainingPuzzles > 0 else { throw .noPuzzles(split: "train") }
        report.filled.add(trainingPuzzles.filled)
        report.trainingExamples = writer.exampleCount
        try writer.finish()
        progress("train", report.trainingPuzzles)
        do {
            // Folders of the usual shapes equal the reference's byte for byte.
            if !geometry.isUsual || geometry.size == 8 {
                try PuzzleTask.sudoku(geometry).write(into: folder)
            }
            try DatasetFiles.write(
                PythonJSON.text(["<blank>"]), to: folder.appendingPathComponent("identifiers.json"))
        } catch {
            throw .dataset(error)
        }
        return report
    }

    /// Returns a random sample in random order from a stream of unknown length.
    private static func sample(
        _ count: Int, from puzzles: inout PuzzleStream,
        using generator: inout ErasedGenerator
    ) throws(SudokuBuildError) -> [SudokuPuzzle] {
        var chosen: [SudokuPuzzle] = []
        var seen = 0
        while let puzzle = try puzzles.next() {
            seen += 1
            if chosen.count < count {
                chosen.append(puzzle)
            } else {
                // Reservoir sampling: each puzzle seen so far is selected with equal probability.
                let slot = Int.random(in: 0..<seen, using: &generator)
                if slot < count { chosen[slot] = puzzle }
            }
        }
        guard chosen.count == count else {
            throw .subsampleTooLarge(wanted: count, available: seen)
        }
        chosen.shuffle(using: &generator)
        return chosen
    }

    private static func shuffled(
        _ puzzle: SudokuPuzzle, avoiding tested: Set<UInt64>,
        using generator: inout ErasedGenerator
    ) throws(SudokuBuildError) -> SudokuPuzzle {
        for _ in 0..<drawsPerShuffle {
            let shuffle = SudokuShuffle(drawing: puzzle.geometry, using: &generator)
            let candidate = shuffle.apply(to: puzzle)
            if !tested.contains(candidate.question.fingerprint) { return candidate }
        }
        throw .shufflesExhausted(question: puzzle.question.description)
    }
}

/// Puzzles from a file or from memory, one at a time.
private struct PuzzleStream {
    private var reader: SudokuCSVReader?
    private var puzzles: ArraySlice<SudokuPuzzle> = []
    private var geometry: SudokuGeometry?
    /// Questions without a blank in the part of the file read so far.
    private(set) var filled = FilledQuestions()

    init(_ source: SudokuDatasetBuilder.Source, geometry: SudokuGeometry?) throws(SudokuBuildError)
    {
        self.geometry = geometry
        switch source {
        case .csv(let url):
            do {
                reader = try SudokuCSVReader(contentsOf: url, geometry: geometry)
            } catch {
                throw .csv(error)
            }
        case .puzzles(let puzzles):
            self.puzzles = puzzles[...]
        }
    }

    /// Creates a stream of puzzles selected from a file.
    init(_ puzzles: [SudokuPuzzle], filled: FilledQuestions) {
        self.puzzles = puzzles[...]
        self.filled = filled
    }

    mutating func next() throws(SudokuBuildError) -> SudokuPuzzle? {
        if reader != nil {
            do {
                let puzzle = try reader?.next()
                if let question = puzzle?.question, question.givenCount == question.cells.count {
                    let file = URL(fileURLWithPath: reader?.path ?? "").lastPathComponent
                    filled.add(at: "\(file), line \(reader?.line ?? 0)")
                }
                return puzzle
            } catch {
                throw .csv(error)
            }
        }
        guard let puzzle = puzzles.popFirst() else { return nil }
        let expected = geometry ?? puzzle.geometry
        guard puzzle.geometry == expected else {
            throw .mixedSizes(found: puzzle.geometry, expected: expected)
        }
        geometry = expected
        return puzzle
    }
}

/// An error in building a data set of Sudokus.
public enum SudokuBuildError: Error, Equatable, Sendable {
    /// A file of puzzles is not usable.
    case csv(SudokuCSVError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split has no puzzles.
    case noPuzzles(split: String)
    /// There are fewer puzzles than the requested subsample.
    case subsampleTooLarge(wanted: Int, available: Int)
    /// The puzzles have different geometries.
    case mixedSizes(found: SudokuGeometry, expected: SudokuGeometry)
    /// Practically every shuffle of a training puzzle is a test puzzle.
    case shufflesExhausted(question: String)
}

extension SudokuBuildError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .csv(let error): error.description
        case .dataset(let error): error.description
        case .noPuzzles(let split): "the \(split) split has no puzzle; give at least one"
        case .subsampleTooLarge(let wanted, let available):
            "a subsample of \(wanted.counted("training puzzle")) is wanted, but there \(available.word("is", "are")) \(available); ask "
                + "for at most as many"
        case .mixedSizes(let found, let expected):
            "a puzzle of \(found.fullName) is among puzzles of \(expected.fullName); build a data set for "
                + "each"
        case .shufflesExhausted(let question):
            "the shuffles of the training puzzle \(question) are practically all test puzzles; use "
                + "fewer test puzzles or no augmentations"
        }
    }
}

/// Writes one split of Sudokus, board by board.
private struct SudokuSplitWriter {
    private var writer: SplitWriter

    var exampleCount: Int { writer.exampleCount }

    init(
        folder: URL, geometry: SudokuGeometry, tokens: NPYElementType
    ) throws(SudokuBuildError) {
        do {
            writer = try SplitWriter(
                folder: folder, sequenceLength: geometry.cellCount,
                vocabularySize: SudokuBoard.vocabularySize(of: geometry), tokens: tokens)
        } catch {
            throw .dataset(error)
        }
    }

    mutating func append(_ puzzle: SudokuPuzzle) throws(SudokuBuildError) {
        do {
            try writer.append(input: puzzle.question.tokens, label: puzzle.answer.tokens)
        } catch {
            throw .dataset(error)
        }
    }

    mutating func endGroup() { writer.endGroup() }

    mutating func finish() throws(SudokuBuildError) {
        do {
            try writer.finish()
        } catch {
            throw .dataset(error)
        }
    }
}
