public import Foundation

/// Builds data-set folders of somebody's own puzzle: a training and a test split in the reference's
/// format, and `task.json`, which says how to read them.
///
/// Every pair is a puzzle of its own with one example; a group is a pair and its variations. The
/// padding is the ignored label, so the cells beside an answer and its end marks count for nothing.
public struct GridDatasetBuilder: Sendable {
    /// Symmetries that the puzzle has.
    public var symmetries: GridSymmetries
    /// Variations that are added to each training pair, at most.
    public var augmentations: Int
    /// Where grids are placed; nil for the smallest canvas that fits all of them.
    public var canvas: GridCanvas?

    /// Variations that are drawn for one that is new.
    static let drawsPerVariation = 5

    /// A builder.
    ///
    /// - Precondition: There are no fewer than 0 augmentations.
    public init(
        symmetries: GridSymmetries = GridSymmetries(), augmentations: Int = 0,
        canvas: GridCanvas? = nil
    ) {
        precondition(augmentations >= 0, "\(augmentations) augmentations")
        self.symmetries = symmetries
        self.augmentations = augmentations
        self.canvas = canvas
    }

    /// What happened.
    public struct Report: Sendable, Hashable {
        /// How the data set is to be read.
        public var task: GridTask
        /// Original training pairs, which are the groups.
        public var trainingPairs = 0
        /// Training examples, variations included.
        public var trainingExamples = 0
        /// Test pairs.
        public var testPairs = 0
        /// Training pairs whose question is a test question, too.
        public var sharedPairs = 0
        /// Test pairs of puzzles that have no training pair.
        public var untrainedPairs = 0
        /// Questions that have different answers in different pairs of both splits together.
        public var contradictoryQuestions = 0
        /// Where the pairs speak against the symmetries.
        public var doubts: [GridSymmetryDoubt] = []
    }

    /// Builds a folder with `train`, `test`, `identifiers.json` and `task.json`.
    ///
    /// The folder appears complete or not at all. No variation of a training pair asks what a test
    /// pair asks. `task.json` names the symmetries, so that a training or a vote can make images, too.
    ///
    /// - Parameters:
    ///   - pairs: The pairs of both splits.
    ///   - output: The folder to be; it must not exist.
    ///   - generator: Draws the variations.
    ///   - progress: Is told now and then how many training pairs are written.
    /// - Returns: What was written.
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
            try AtomicFolder.create(output, failure: GridBuildError.dataset) {
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
        try AtomicFolder.write(
            PythonJSON.text(["<blank>"] + task.names),
            to: folder.appendingPathComponent("identifiers.json"))
        try PuzzleTask.grid(task).write(into: folder)
        return report
    }

    /// Different variations of a pair, fewer than wanted where there are not so many.
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

    /// The task that all the pairs belong to.
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
        // A grid that is turned needs its rows where its columns were.
        return symmetries.swapsAxes
            ? try GridCanvas(rows: max(rows, columns), columns: max(rows, columns))
            : try GridCanvas(rows: rows, columns: columns)
    }
}

extension GridPair {
    /// What a pair asks: equal for pairs that differ in their answers alone.
    struct Question: Hashable {
        var input: PuzzleGrid
        var task: String?
    }

    var question: Question { Question(input: input, task: task) }
}

/// Why a data set of grids could not be built.
public enum GridBuildError: Error, Equatable, Sendable {
    /// A file of grids cannot be used.
    case file(GridFileError)
    /// A grid or a canvas cannot be used.
    case grid(GridError)
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// A split would have no pair.
    case noPairs(split: String)
    /// Some pairs say which puzzle they belong to, others do not.
    case namelessPair
    /// A symbol that is to be exchanged is not there.
    case unknownSymbol(Int, count: Int)
}

extension GridBuildError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and how to mend it.
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
