public import Foundation
import HRMFiles

/// Builds data-set folders of a custom grid puzzle: a training and a test split in the reference's
/// format, and `task.json`, which describes the tokens.
///
/// Every pair is one puzzle with one example; a group is a pair and its augmentations. Padding is
/// the ignored label, so the cells beyond an answer and its end marks do not count.
public struct GridDatasetBuilder: Sendable {
    /// The puzzle's symmetries.
    public var symmetries: GridSymmetries
    /// The maximum number of augmentations of each training pair.
    public var augmentations: Int
    /// The canvas; `nil` for the smallest one that fits all grids.
    public var canvas: GridCanvas?

    /// The maximum number of draws for each new augmentation.
    static let drawsPerVariation = 5

    /// Creates a builder.
    ///
    /// - Precondition: `augmentations` is not negative.
    public init(
        symmetries: GridSymmetries = GridSymmetries(), augmentations: Int = 0,
        canvas: GridCanvas? = nil
    ) {
        precondition(augmentations >= 0, "\(augmentations) augmentations")
        self.symmetries = symmetries
        self.augmentations = augmentations
        self.canvas = canvas
    }

    /// A summary of a build.
    public struct Report: Sendable, Hashable {
        /// The task of the data set.
        public var task: GridTask
        /// The number of unaugmented training pairs, which equals the number of groups.
        public var trainingPairs = 0
        /// The number of training examples, including augmentations.
        public var trainingExamples = 0
        /// The number of test pairs.
        public var testPairs = 0
        /// The number of training pairs whose question is also a test question.
        public var sharedPairs = 0
        /// The number of test pairs of puzzles without any training pair.
        public var untrainedPairs = 0
        /// The number of questions with different answers in different pairs of both splits.
        public var contradictoryQuestions = 0
        /// Evidence in the pairs against the declared symmetries.
        package var doubts: [GridSymmetryDoubt] = []
    }

    /// Builds a folder with `train`, `test`, `identifiers.json` and `task.json`.
    ///
    /// The folder appears complete or not at all. No augmentation of a training pair has the
    /// question of a test pair. `task.json` names the symmetries, so that training and voting can
    /// use them, too.
    ///
    /// - Parameters:
    ///   - pairs: The pairs of both splits.
    ///   - output: The folder to create; it must not exist.
    ///   - generator: Draws the augmentations.
    ///   - progress: Called from time to time with the number of training pairs written.
    /// - Returns: A summary of the build.
    /// - Throws: ``GridBuildError``.
    public func build(
        _ pairs: GridSplits, output: URL, using generator: inout some RandomNumberGenerator,
        progress: (_ pairs: Int) -> Void = { _ in }
    ) throws(GridBuildError) -> Report {
        var task = try task(for: pairs)
        let (group, doubts): (GridSymmetryGroup, [GridSymmetryDoubt])
        do throws(GridError) {
            group = try GridSymmetryGroup(symmetries, symbolCount: task.alphabet.count)
            doubts =
                group.isTrivial
                ? [] : try GridSymmetryCheck(pairs.train + pairs.test).doubts(about: group)
        } catch {
            throw .grid(error)
        }
        if !group.isTrivial {
            task.symmetries = group
            task.fillsCanvas = (pairs.train + pairs.test).allSatisfy { pair in
                [pair.input, pair.output].allSatisfy { task.canvas.isFilled(by: $0) }
            }
        }
        let described = task
        return try ErasedGenerator.erasing(&generator) { (generator) throws(GridBuildError) in
            try AtomicFolder.create(output, failure: { GridBuildError.dataset(DatasetError($0)) }) {
                (folder) throws(GridBuildError) in
                do throws(DatasetError) {
                    var report = try write(
                        pairs, described, group.members, into: folder, using: &generator,
                        progress: progress)
                    report.doubts = doubts
                    return report
                } catch {
                    throw .dataset(error)
                }
            }
        }
    }

    private func write(
        _ pairs: GridSplits, _ task: GridTask, _ combinations: [GridSymmetry], into folder: URL,
        using generator: inout ErasedGenerator, progress: (Int) -> Void
    ) throws(DatasetError) -> Report {
        var report = Report(task: task)
        let identifiers = Dictionary(
            uniqueKeysWithValues: task.names.enumerated().map { ($1, Int32($0 + 1)) })
        func writer(_ split: String) throws(DatasetError) -> SplitWriter {
            try SplitWriter(
                folder: folder.appendingPathComponent(split),
                sequenceLength: task.canvas.sequenceLength, vocabularySize: task.vocabularySize,
                identifierCount: task.names.count + 1)
        }
        func append(_ pair: GridPair, to writer: inout SplitWriter) throws(DatasetError) {
            try writer.append(
                input: task.canvas.tokens(of: pair.input),
                label: task.canvas.tokens(of: pair.output),
                identifier: pair.task.flatMap { identifiers[$0] } ?? 0)
        }
        report.contradictoryQuestions = pairs.contradictoryQuestions
        let trained = Set(pairs.train.map(\.task))
        var tests = try writer("test")
        for pair in pairs.test {
            try append(pair, to: &tests)
            tests.endGroup()
            if !trained.contains(pair.task) { report.untrainedPairs += 1 }
        }
        try tests.finish()
        let tested = Set(pairs.test.map(\.question))
        var training = try writer("train")
        for (index, pair) in pairs.train.enumerated() {
            if tested.contains(pair.question) { report.sharedPairs += 1 }
            try append(pair, to: &training)
            for variation in variations(
                of: pair, combinations, avoiding: tested, task: task, using: &generator)
            {
                try append(variation, to: &training)
            }
            training.endGroup()
            if index.isMultiple(of: 256) { progress(index) }
        }
        report.trainingPairs = pairs.train.count
        report.trainingExamples = training.exampleCount
        report.testPairs = pairs.test.count
        try training.finish()
        try DatasetFiles.write(
            PythonJSON.text(["<blank>"] + task.names),
            to: folder.appendingPathComponent("identifiers.json"))
        try PuzzleTask.grid(task).write(into: folder)
        return report
    }

    /// Returns distinct augmentations of a pair, fewer than requested if there are not enough.
    private func variations(
        of pair: GridPair, _ combinations: [GridSymmetry], avoiding tested: Set<GridPair.Question>,
        task: GridTask, using generator: inout ErasedGenerator
    ) -> [GridPair] {
        var seen: Set<GridPair> = [pair]
        var variations: [GridPair] = []
        func take(_ symmetry: GridSymmetry) {
            let candidate = symmetry.apply(to: pair)
            guard task.canvas.fits(candidate.input), task.canvas.fits(candidate.output),
                !tested.contains(candidate.question), seen.insert(candidate).inserted
            else { return }
            variations.append(candidate)
        }
        let count = symmetries.count(ofCombinations: combinations.count)
        if symmetries.exchangeableSymbols.count < 2, augmentations + 1 >= count {
            for symmetry in combinations { take(symmetry) }
            return variations
        }
        let wanted = min(augmentations, count - 1)
        var draws = Self.drawsPerVariation * wanted
        while variations.count < wanted, draws > 0 {
            draws -= 1
            take(symmetries.random(among: combinations, using: &generator))
        }
        return variations
    }

    /// Returns the common task of all pairs.
    private func task(for pairs: GridSplits) throws(GridBuildError) -> GridTask {
        guard !pairs.train.isEmpty else { throw .noPairs(split: "train") }
        guard !pairs.test.isEmpty else { throw .noPairs(split: "test") }
        let all = pairs.train + pairs.test
        let grids = all.flatMap { [$0.input, $0.output] }
        let canvas: GridCanvas
        do throws(GridError) {
            if let chosen = self.canvas {
                canvas = chosen
            } else {
                canvas = try Self.smallestCanvas(for: grids, symmetries)
            }
        } catch {
            throw .grid(error)
        }
        if let large = grids.first(where: { !canvas.fits($0) }) {
            throw .grid(.tooLarge(rows: large.rows, columns: large.columns, canvas: canvas))
        }
        let names = Set(all.compactMap(\.task)).sorted()
        if !names.isEmpty, all.contains(where: { $0.task == nil }) { throw .namelessPair }
        let alphabet = pairs.alphabet ?? .numbers(pairs.symbolCount)
        if let symbol = symmetries.exchangeableSymbols.first(where: { $0 >= alphabet.count }) {
            throw .unknownSymbol(Int(symbol), count: alphabet.count)
        }
        return GridTask(alphabet: alphabet, canvas: canvas, names: names)
    }

    private static func smallestCanvas(
        for grids: [PuzzleGrid], _ symmetries: GridSymmetries
    ) throws(GridError) -> GridCanvas {
        let rows = grids.reduce(0) { max($0, $1.rows) }
        let columns = grids.reduce(0) { max($0, $1.columns) }
        // A transform that exchanges the axes needs room for rows in place of columns.
        return symmetries.swapsAxes
            ? try GridCanvas(rows: max(rows, columns), columns: max(rows, columns))
            : try GridCanvas(rows: rows, columns: columns)
    }
}

extension GridPair {
    /// The question of a pair, equal for pairs that differ only in their answers.
    struct Question: Hashable {
        var input: PuzzleGrid
        var task: String?
    }

    var question: Question { Question(input: input, task: task) }
}

/// An error in building a data set of grids.
public enum GridBuildError: Error, Equatable, Sendable {
    /// A file of grids is not usable.
    case file(GridFileError)
    /// A grid or a canvas is not valid.
    case grid(GridError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split has no pairs.
    case noPairs(split: String)
    /// Some pairs name their puzzle, others do not.
    case namelessPair
    /// A symbol to exchange does not exist.
    case unknownSymbol(Int, count: Int)
}

extension GridBuildError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .grid(let error): error.description
        case .dataset(let error): error.description
        case .noPairs(let split):
            "the \(split) split has no pair; give more pairs, or another share of test pairs"
        case .namelessPair:
            "some pairs have a 'task' and others have none; name the task of every pair, or of none"
        case .unknownSymbol(let symbol, let count):
            "the symbol \(symbol) does not occur: the symbols are 0 to \(count - 1)"
        }
    }
}
