import HRMModel
package import HRMTensor

/// The two states of some sequences, each `[B·T, D]`.
struct States: Sendable {
    var high: Matrix
    var low: Matrix
}

/// The memory of a worker for a segment of some sequences, allocated once.
struct SegmentMemory: Sendable {
    /// The memory of a module application for the backward pass.
    struct SavedApplication: Sendable {
        let trail: ModuleActivations
        let output: Matrix
    }

    /// `e`, `[B·T, D]`.
    let input: Matrix
    /// The states that carry no gradient.
    let states: States
    let reused: ModuleActivations
    /// The last `k` applications; empty in an engine for inference only.
    ///
    /// They dominate a worker's memory: each application, block and sequence takes
    /// `T · (7·D + 2·I)` elements, or `T · (2·D + 2·I) + 2·D·J` with token mixing, independent of
    /// the batch size.
    let saved: [SavedApplication]

    /// `[B, 2]`, Q logits of the following segment; nil if q_continue is not trained.
    let nextQLogits: Matrix?
    /// `[B·T, V]`, float32; the next matrix is the same in the model's precision.
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
        // Any stack may run at any position, since training may begin with shorter segments.
        let mostBlocks = model.modules.map(\.blocks.count).max() ?? 0
        reused = .reused(
            blocks: mostBlocks, sequences: sequences, shape: shape, shared: shared)
        let learned =
            training
            ? model.schedule.applications.suffix(model.schedule.gradientApplications) : []
        saved = learned.map { _ in
            SavedApplication(
                trail: .saved(
                    blocks: mostBlocks, sequences: sequences, shape: shape, shared: shared),
                output: state())
        }
        let trainingRows = training ? rows : 0
        let trainingSequences = training ? sequences : 0
        let vocabulary = model.outputCount
        nextQLogits =
            training && model.configuration.trainsContinue
            ? Matrix(rows: sequences, columns: 2) : nil
        logitsGradient32 = Matrix(rows: trainingRows, columns: vocabulary)
        roundedLogitsGradient =
            shape.precision == .float32
            ? nil
            : model.configuration.readsCandidates
                // Without gaps, since candidates are rows of their own.
                ? Matrix(rows: trainingRows, columns: vocabulary, precision: shape.precision)
                : .activations(
                    rows: trainingRows, columns: vocabulary, precision: shape.precision)
        qGradient = Matrix(rows: trainingSequences, columns: 2, precision: shape.precision)
        highGradient = shape.states(rows: trainingRows)
        lowGradient = shape.states(rows: trainingRows)
        inputGradient = shape.states(rows: trainingRows)
        blockGradients = BlockGradients(rows: trainingRows, shape: shape)
    }

    private init(_ full: SegmentMemory, sequences: Int, model: HierarchicalReasoningModel) {
        let shape = model.shape
        let rows = 0..<(sequences * shape.positions)
        let isTraining = !full.saved.isEmpty
        let gradientRows = isTraining ? rows : 0..<0
        let gradientSequences = 0..<(isTraining ? sequences : 0)
        input = full.input.rows(rows)
        states = States(high: full.states.high.rows(rows), low: full.states.low.rows(rows))
        reused = full.reused.prefix(sequences, shape: shape)
        saved = full.saved.map {
            SavedApplication(
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

    /// Returns the part for the first `sequences` sequences.
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
package struct BatchOutputs: Sendable {
    /// `[B·T, V]`; the first `P` rows of each sequence are meaningless.
    package let logits: Matrix
    /// `[B, 2]`: halt, continue.
    package let qLogits: Matrix
    /// The gradient of the looked-up rows of the puzzle embedding, padded to `[B·P, D]`.
    ///
    /// Nil without a puzzle embedding or in an engine for inference only.
    package let puzzleGradient: Matrix?
}

extension HierarchicalReasoningModel {
    /// Returns the rows of some slots in a `[B·T, …]` matrix.
    func rows(of slots: Range<Int>) -> Range<Int> {
        (slots.lowerBound * positionCount)..<(slots.upperBound * positionCount)
    }

    /// Returns the index of a slot's first cell in `[B·T, V]` logits.
    func firstLogit(of slot: Int) -> Int {
        (slot * positionCount + configuration.prefixLength) * outputCount
    }

    /// Returns the rows of some slots in a `[B·P, …]` matrix.
    func prefixRows(of slots: Range<Int>) -> Range<Int> {
        let prefix = configuration.prefixLength
        return (slots.lowerBound * prefix)..<(slots.upperBound * prefix)
    }

    /// Returns the cells of some slots in a `[B·S]` array.
    func cells(_ tokens: [Int32], of slots: Range<Int>) -> ArraySlice<Int32> {
        let length = dimensions.sequenceLength
        return tokens[(slots.lowerBound * length)..<(slots.upperBound * length)]
    }
}
