public import Foundation

/// Builds data-set folders of Sudokus: a training and a test split in the reference's format.
///
/// A cell becomes the token digit + 1, a blank the token 1. Every board is a puzzle of its own with
/// one example and the blank identifier; a group is an original and its shuffles. No token is 0, so
/// although 0 is the ignored label, every cell counts.
///
/// Everything that does not have to be remembered is streamed to disk, so memory does not grow with
/// the number of examples.
public struct SudokuDatasetBuilder: Sendable {
    /// Where puzzles come from; files are read by ``SudokuCSVReader``.
    public typealias Source = PuzzleSource<SudokuPuzzle>

    /// The sizes of the puzzles; nil for those of the first test puzzle.
    public var geometry: SudokuGeometry?

    /// How tokens are stored.
    public enum TokenStorage: Sendable, Hashable {
        /// uint8 everywhere: an eighth of the size of int64; the reference reads both.
        case compact
        /// What the reference writes: int64 for a training split with shuffles, else uint8.
        case reference
    }

    /// What happened.
    public struct Report: Sendable, Hashable {
        /// The sizes of the puzzles.
        public var geometry: SudokuGeometry
        /// Original training puzzles, which are the groups.
        public var trainingPuzzles = 0
        /// Training examples, shuffles included.
        public var trainingExamples = 0
        /// Test puzzles.
        public var testPuzzles = 0
        /// Original training puzzles that are test puzzles, too.
        public var sharedPuzzles = 0
        /// Test puzzles with several solutions, of which the data set has but one.
        public var survey = SudokuSurvey()
        /// Questions of both splits without a blank.
        public var filled = FilledQuestions()
    }

    /// Use this many training puzzles, chosen at random without replacement; `nil`: all, in order.
    public var subsample: Int?
    /// Random shuffles that are added to each training puzzle.
    public var augmentations: Int
    /// How tokens are stored.
    public var storage: TokenStorage

    /// Shuffles that are drawn for one that is not a test puzzle.
    static let drawsPerShuffle = 1000

    /// A builder.
    ///
    /// - Precondition: The subsample is positive, and there are no fewer than 0 augmentations.
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
    /// The folder appears complete or not at all. A shuffle of a training puzzle that happens to be
    /// a test puzzle is drawn again, so the test split stays unseen as far as the originals differ.
    ///
    /// - Parameters:
    ///   - train: Training puzzles; ``subsample`` and ``augmentations`` are for them.
    ///   - test: Test puzzles, written in order.
    ///   - output: The folder to be; it must not exist.
    ///   - generator: Chooses the subsample and draws the shuffles.
    ///   - progress: Is told now and then how many puzzles of which split are written.
    /// - Returns: What was written.
    /// - Throws: ``SudokuBuildError``.
    public func build(
        train: Source, test: Source, output: URL,
        using generator: inout some RandomNumberGenerator,
        progress: (_ split: String, _ puzzles: Int) -> Void = { _, _ in }
    ) throws(SudokuBuildError) -> Report {
        try ErasedGenerator.erasing(&generator) { (generator) throws(SudokuBuildError) in
            try AtomicFolder.create(output, failure: SudokuBuildError.dataset) {
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
            // Folders of the usual shapes are the reference's to the byte.
            if !geometry.isUsual || geometry.size == 8 {
                try PuzzleTask.sudoku(geometry).write(into: folder)
            }
            try AtomicFolder.write(
                PythonJSON.text(["<blank>"]), to: folder.appendingPathComponent("identifiers.json"))
        } catch {
            throw .dataset(error)
        }
        return report
    }

    /// A random sample in random order, of a stream of unknown length.
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
                // Each of the puzzles seen so far is among the chosen ones with equal probability.
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

/// Puzzles one by one, from a file or from memory.
private struct PuzzleStream {
    private var reader: SudokuCSVReader?
    private var puzzles: ArraySlice<SudokuPuzzle> = []
    private var geometry: SudokuGeometry?
    /// Questions without a blank, as far as a file was read.
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

    /// Puzzles that were chosen of a file's.
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

/// Why a data set of Sudokus could not be built.
public enum SudokuBuildError: Error, Equatable, Sendable {
    /// A file of puzzles cannot be used.
    case csv(SudokuCSVError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split would have no puzzle.
    case noPuzzles(split: String)
    /// There are fewer puzzles than are to be chosen.
    case subsampleTooLarge(wanted: Int, available: Int)
    /// Puzzles of different sizes.
    case mixedSizes(found: SudokuGeometry, expected: SudokuGeometry)
    /// Practically every shuffle of a training puzzle is a test puzzle.
    case shufflesExhausted(question: String)
}

extension SudokuBuildError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .csv(let error): error.description
        case .dataset(let error): error.description
        case .noPuzzles(let split): "the \(split) split has no puzzle; give at least one"
        case .subsampleTooLarge(let wanted, let available):
            "a subsample of \(wanted) training puzzles is wanted, but there are \(available); ask "
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
