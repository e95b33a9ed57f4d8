import HRMEngine
import HRMModel

/// Everything of an engine that changes.
struct ReferenceMemory: Sendable {
    var model: ReferenceModel
    /// The states of each slot.
    var states: [ReferenceStates]
    /// The token logits of each slot's last segment, `[S, V]`.
    var logits: [PlainMatrix]
    /// The first slot of the last segment.
    var firstSlot = 0
    /// The gradients of the last training step that kept them, by name.
    var gradients: [String: PlainMatrix] = [:]
    /// Nil in an engine that does not train.
    var optimizers: ReferenceOptimizers?

    init(model: ReferenceModel, slotCount: Int, optimizers: OptimizerDescription?) {
        self.model = model
        states = Array(repeating: model.initialStates, count: slotCount)
        logits = Array(
            repeating: PlainMatrix(
                0, rows: model.dimensions.sequenceLength,
                columns: model.dimensions.vocabularySize), count: slotCount)
        self.optimizers = optimizers.map { ReferenceOptimizers($0, model: model) }
    }

    /// Keeps the results of a slot's segment.
    mutating func keep(_ results: ReferenceSegment.Results, of slot: Int) {
        states[slot] = results.states
        logits[slot] = results.logits.value
    }
}

/// The optimizers of an engine with their state, each tensor by name.
struct ReferenceOptimizers: Sendable {
    let description: OptimizerDescription
    /// AdamATan2's mean of gradients, or Muon's momentum.
    var firstMoment: [String: PlainMatrix]
    /// AdamATan2's mean of squared gradients.
    var secondMoment: [String: PlainMatrix]
    /// The averaged parameters; nil without an average.
    var average: [String: PlainMatrix]?

    init(_ description: OptimizerDescription, model: ReferenceModel) {
        self.description = description
        let parameters = model.weights.filter { weight in
            model.layout.entries.contains { $0.name == weight.key }
        }
        firstMoment = parameters.mapValues { PlainMatrix(0, rows: $0.rows, columns: $0.columns) }
        secondMoment = firstMoment
        average = description.averagesWeights ? parameters : nil
    }

    /// Updates all weights but the puzzle embedding.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - gradients: The gradients by name.
    ///   - update: The learning rates, and the share of the average that is kept.
    mutating func update(
        _ model: inout ReferenceModel, gradients: [String: PlainMatrix],
        _ update: TrainingStep.Update
    ) {
        guard !description.freezesWeights else { return }
        let adam = ReferenceAdamATan2(
            betas: (description.beta1, description.beta2), weightDecay: description.weightDecay)
        let muon = description.muon.map {
            ReferenceMuon(
                momentum: $0.momentum, iterations: $0.iterations, weightDecay: $0.weightDecay)
        }
        for name in firstMoment.keys {
            guard var weight = model.weights[name], var mean = firstMoment[name],
                var meanSquare = secondMoment[name], let gradient = gradients[name]
            else { preconditionFailure("no gradient of '\(name)'") }
            let matrices = ReferenceMuon.matrixCount(of: name)
            if let muon, matrices > 0 {
                muon.update(
                    &weight, mean: &mean, gradient: gradient, matrices: matrices,
                    learningRate: update.muonLearningRate ?? 0)
            } else {
                adam.update(
                    &weight, mean: &mean, meanSquare: &meanSquare, gradient: gradient,
                    learningRate: update.learningRate, number: update.number)
            }
            model.weights[name] = weight
            firstMoment[name] = mean
            secondMoment[name] = meanSquare
        }
        if let rate = update.averageRate { updateAverage(of: model, rate: rate) }
    }

    /// Updates the average, `a ← μ · a + (1 − μ) · w`.
    mutating func updateAverage(of model: ReferenceModel, rate: Double) {
        guard !description.freezesWeights else { return }
        for (name, old) in average ?? [:] {
            average?[name] = model.weights[name]?.scaled(by: 1 - rate)
                .adding(old.scaled(by: rate))
        }
    }
}
