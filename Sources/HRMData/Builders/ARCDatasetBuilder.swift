public import Foundation
import HRMFiles

/// Builds data-set folders of ARC tasks: a training and a test split in the reference's format.
///
/// A group is a task and its augmentations, each a puzzle with its own identifier. Training
/// examples are translated on the canvas at random, except one of each puzzle; test examples are at
/// the top left. Tasks are written one after the other, so memory depends on the number of workers,
/// not on the number of tasks.
public struct ARCDatasetBuilder: Sendable {
    /// The number of augmented tasks to add for each task, if that many distinct ones exist.
    public var augmentations: Int
    /// The separator between the parts of an augmented task's name.
    public var separator: String
    /// The canvas for the grids; tasks that do not fit on it are left out.
    public var canvas: ARCCanvas
    /// The pairs held out of training.
    ///
    /// `nil` selects the test pairs of the evaluation tasks, if there are any, otherwise those of
    /// all tasks, or none if no task has a test pair.
    public var heldOut: HeldOut?
    /// True if near-duplicates of tasks that are evaluated on are left out.
    public var excludesNearDuplicates: Bool
    /// The number of threads; it does not affect the result.
    public var workers: Int

    /// Creates a builder.
    ///
    /// - Precondition: `augmentations` is not negative, the separator is usable, and there is at
    ///   least one worker.
    public init(
        augmentations: Int = 1000, separator: String = ARCAugmentation.defaultSeparator,
        canvas: ARCCanvas = ARCCanvas(), heldOut: HeldOut? = nil,
        excludesNearDuplicates: Bool = false, workers: Int = 1
    ) {
        precondition(augmentations >= 0, "\(augmentations) augmentations")
        precondition(
            ARCAugmentation.isUsable(separator: separator), "the separator '\(separator)'")
        precondition(workers >= 1, "\(workers) workers")
        self.augmentations = augmentations
        self.separator = separator
        self.canvas = canvas
        self.heldOut = heldOut
        self.excludesNearDuplicates = excludesNearDuplicates
        self.workers = workers
    }

    /// Builds a folder with `train`, `test`, `identifiers.json` and `test_puzzles.json`.
    ///
    /// The folder appears complete or not at all.
    ///
    /// - Parameters:
    ///   - collection: The tasks.
    ///   - output: The folder to create; it must not exist.
    ///   - generator: Returns the random number generator for the task with a given index; each
    ///     task needs a different one.
    ///   - progress: Called from time to time with the number of tasks written and their total.
    /// - Returns: A summary of the build.
    /// - Throws: ``ARCBuildError``.
    public func build<Generator: RandomNumberGenerator & SendableMetatype>(
        _ collection: ARCTaskCollection, output: URL,
        generator: @escaping @Sendable (_ task: Int) -> Generator,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(ARCBuildError) -> Report {
        let (entries, selection) = try select(collection.entries)
        var report = selection
        let heldOut = report.heldOut
        let expansions = OrderedWork(count: entries.count, workers: workers) { index in
            var random = generator(index)
            return ErasedGenerator.erasing(&random) { random in
                ARCTaskExpansion(
                    entries[index].task, holdsOutTests: heldOut.includes(entries[index]),
                    builder: self, using: &random)
            }
        }
        return try AtomicFolder.create(output, failure: { ARCBuildError.dataset(DatasetError($0)) })
        {
            (folder) throws(ARCBuildError) in
            try write(expansions, of: entries, into: folder, &report, progress)
            return report
        }
    }

    /// Selects the tasks to use, and reports the others.
    private func select(
        _ all: [ARCTaskCollection.Entry]
    ) throws(ARCBuildError) -> ([ARCTaskCollection.Entry], Report) {
        let hasEvaluation = all.contains(where: HeldOut.evaluation.includes)
        let usual: HeldOut =
            hasEvaluation ? .evaluation : all.contains(where: HeldOut.all.includes) ? .all : .none
        let heldOut = heldOut ?? usual
        guard heldOut != .evaluation || hasEvaluation else { throw .noEvaluationTasks }
        var report = Report(heldOut: heldOut)
        var entries = all.filter { $0.task.longestSide <= canvas.size }
        report.tooLarge = all.count - entries.count
        report.nearDuplicates = ARCNearDuplicate.find(in: entries, isMeasured: heldOut.includes)
        if excludesNearDuplicates {
            let excluded = Set(report.nearDuplicates.map(\.other))
            let before = entries.count
            entries.removeAll { excluded.contains($0.task.name) }
            report.excluded = before - entries.count
        }
        let most = entries.reduce(0) { $0 + $1.task.pairs.count * (augmentations + 1) }
        guard most <= Int(Int32.max) else { throw .tooManyExamples(most) }
        guard !entries.isEmpty, heldOut == .none || entries.contains(where: heldOut.includes)
        else { throw .nothingFits(size: canvas.size, of: all.count) }
        report.unanswered = entries.reduce(0) { sum, entry in
            sum + entry.task.tests.count { $0.output == nil }
        }
        return (entries, report)
    }

    private func write(
        _ expansions: OrderedWork<ARCTaskExpansion>, of entries: [ARCTaskCollection.Entry],
        into folder: URL, _ report: inout Report, _ progress: (Int, Int) -> Void
    ) throws(ARCBuildError) {
        let heldOut = report.heldOut
        var names = ["<blank>"]
        var incomplete = 0
        do throws(DatasetError) {
            func writer(_ split: String) throws(DatasetError) -> SplitWriter {
                try SplitWriter(
                    folder: folder.appendingPathComponent(split),
                    sequenceLength: canvas.sequenceLength,
                    vocabularySize: ARCCanvas.vocabularySize)
            }
            var training = try writer("train")
            var test = heldOut == .none ? nil : try writer("test")
            try expansions.forEach { (index, group) throws(DatasetError) in
                let identifiers = group.names.indices.map { Int32(names.count + $0) }
                names += group.names
                if group.names.count <= augmentations { incomplete += 1 }
                try training.append(group.training, identifiers: identifiers)
                if heldOut.includes(entries[index]) {
                    try test?.append(group.test, identifiers: identifiers)
                }
                progress(index + 1, entries.count)
            }
            training.identifierCount = names.count
            test?.identifierCount = names.count
            try training.finish()
            try test?.finish()
            report.training = .init(training)
            if let test { report.test = .init(test) }
            try DatasetFiles.write(
                PythonJSON.text(names), to: folder.appendingPathComponent("identifiers.json"))
            if heldOut != .none {
                let measured = entries.filter(heldOut.includes).map(\.task)
                try DatasetFiles.write(
                    ARCTestPuzzles(tasks: measured).jsonText,
                    to: folder.appendingPathComponent(ARCTestPuzzles.fileName))
            }
        } catch {
            throw .dataset(error)
        }
        report.incompleteGroups = incomplete
        report.identifiers = names.count
    }
}

extension SplitWriter {
    /// Appends a group.
    fileprivate mutating func append(
        _ part: ARCTaskExpansion.Part, identifiers: [Int32]
    ) throws(DatasetError) {
        try append(
            inputs: part.inputs, labels: part.labels, examplesPerPuzzle: part.examplesPerPuzzle,
            identifiers: identifiers)
        endGroup()
    }
}
