public import HRMTensor

/// The two states of some sequences, each `[B·T, D]`.
struct States: Sendable {
    var high: Matrix
    var low: Matrix
}

/// All the memory a worker needs for a segment of some sequences, allocated once.
struct SegmentMemory: Sendable {
    /// An application of a module that the backward pass will visit.
    struct KeptApplication: Sendable {
        let trail: ModuleTrail
        let output: Matrix
    }

    /// `e`, `[B·T, D]`.
    let input: Matrix
    /// Where states go that no gradient needs.
    let states: States
    let passing: ModuleTrail
    /// The last `k` applications; none when the engine only infers.
    ///
    /// They are what a worker's memory mostly consists of: for each application, block and sequence
    /// `T · (7·D + 2·I)` elements, or `T · (2·D + 2·I) + 2·D·J` where weights mix the positions. The
    /// size of the batch has no part in it.
    let kept: [KeptApplication]

    /// `[B, 2]`, Q logits of the segment after this one; none where q_continue is not trained.
    let nextQLogits: Matrix?
    /// `[B·T, V]`, float32, and the same in the model's precision.
    let logitsGradient32: Matrix
    private let roundedLogitsGradient: Matrix?
    /// `[B, 2]`.
    let qGradient: Matrix
    let highGradient: Matrix
    let lowGradient: Matrix
    let inputGradient: Matrix
    let blockGradients: BlockGradients

    init(model: HierarchicalReasoningModel, sequences: Int, training: Bool) {
        let shape = model.shape
        let rows = sequences * shape.positions
        func state() -> Matrix { shape.states(rows: rows) }
        let shared = SharedActivations(sequences: sequences, shape: shape, training: training)
        input = state()
        states = States(high: state(), low: state())
        // Any stack may run at any place, since a training can begin with shorter segments.
        let mostBlocks = model.modules.map(\.blocks.count).max() ?? 0
        passing = .passing(
            blocks: mostBlocks, sequences: sequences, shape: shape, shared: shared)
        let learned =
            training
            ? model.schedule.applications.suffix(model.schedule.gradientApplications) : []
        kept = learned.map { _ in
            KeptApplication(
                trail: .kept(
                    blocks: mostBlocks, sequences: sequences, shape: shape, shared: shared),
                output: state())
        }
        let trainingRows = training ? rows : 0
        let trainingSequences = training ? sequences : 0
        let vocabulary = model.dimensions.vocabularySize
        nextQLogits =
            training && model.configuration.trainsContinue
            ? Matrix(rows: sequences, columns: 2) : nil
        logitsGradient32 = Matrix(rows: trainingRows, columns: vocabulary)
        roundedLogitsGradient =
            shape.precision == .float32
            ? nil
            : .activations(rows: trainingRows, columns: vocabulary, precision: shape.precision)
        qGradient = Matrix(rows: trainingSequences, columns: 2, precision: shape.precision)
        highGradient = shape.states(rows: trainingRows)
        lowGradient = shape.states(rows: trainingRows)
        inputGradient = shape.states(rows: trainingRows)
        blockGradients = BlockGradients(rows: trainingRows, shape: shape)
    }

    private init(_ full: SegmentMemory, sequences: Int, model: HierarchicalReasoningModel) {
        let shape = model.shape
        let rows = 0..<(sequences * shape.positions)
        let isTraining = !full.kept.isEmpty
        let gradientRows = isTraining ? rows : 0..<0
        let gradientSequences = 0..<(isTraining ? sequences : 0)
        input = full.input.rows(rows)
        states = States(high: full.states.high.rows(rows), low: full.states.low.rows(rows))
        passing = full.passing.prefix(sequences, shape: shape)
        kept = full.kept.map {
            KeptApplication(
                trail: $0.trail.prefix(sequences, shape: shape), output: $0.output.rows(rows))
        }
        nextQLogits = full.nextQLogits?.rows(gradientSequences)
        logitsGradient32 = full.logitsGradient32.rows(gradientRows)
        roundedLogitsGradient = full.roundedLogitsGradient?.rows(gradientRows)
        qGradient = full.qGradient.rows(gradientSequences)
        highGradient = full.highGradient.rows(gradientRows)
        lowGradient = full.lowGradient.rows(gradientRows)
        inputGradient = full.inputGradient.rows(gradientRows)
        blockGradients = full.blockGradients.prefix(rows: gradientRows.count, shape: shape)
    }

    /// The part for the first `sequences` sequences.
    func prefix(_ sequences: Int, model: HierarchicalReasoningModel) -> SegmentMemory {
        SegmentMemory(self, sequences: sequences, model: model)
    }

    /// The gradient of the logits in the model's precision.
    var logitsGradient: Matrix {
        guard let roundedLogitsGradient else { return logitsGradient32 }
        roundedLogitsGradient.assign(logitsGradient32)
        return roundedLogitsGradient
    }
}

/// The outputs of a step for the whole batch.
public struct BatchOutputs: Sendable {
    /// `[B·T, V]`; the first `P` rows of each sequence mean nothing.
    public let logits: Matrix
    /// `[B, 2]`: halt, continue.
    public let qLogits: Matrix
    /// Gradient of the looked-up rows of the puzzle embedding, padded to `[B·P, D]`.
    ///
    /// None without a puzzle embedding or when the engine only infers.
    public let puzzleGradient: Matrix?
}

extension HierarchicalReasoningModel {
    /// Rows of a `[B·T, …]` matrix that belong to some slots.
    func rows(of slots: Range<Int>) -> Range<Int> {
        (slots.lowerBound * positionCount)..<(slots.upperBound * positionCount)
    }

    /// Where the logits of a slot's first cell begin in `[B·T, V]` logits.
    func firstLogit(of slot: Int) -> Int {
        (slot * positionCount + configuration.prefixLength) * dimensions.vocabularySize
    }

    /// Rows of a `[B·P, …]` matrix that belong to some slots.
    func prefixRows(of slots: Range<Int>) -> Range<Int> {
        let prefix = configuration.prefixLength
        return (slots.lowerBound * prefix)..<(slots.upperBound * prefix)
    }

    /// The cells of some slots in a `[B·S]` array.
    func cells(_ tokens: [Int32], of slots: Range<Int>) -> ArraySlice<Int32> {
        let length = dimensions.sequenceLength
        return tokens[(slots.lowerBound * length)..<(slots.upperBound * length)]
    }
}
