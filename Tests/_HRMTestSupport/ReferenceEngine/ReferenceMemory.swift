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
    /// The gradients of the last training step by name, before the update; that of the puzzle
    /// embedding has one row per slot that learned.
    var gradients: [String: PlainMatrix]
    /// Nil in an engine that does not train.
    var optimizers: ReferenceOptimizers?

    init(model: ReferenceModel, slotCount: Int, settings: ReferenceOptimizerSettings?) {
        self.model = model
        states = Array(repeating: model.initialStates, count: slotCount)
        logits = Array(
            repeating: PlainMatrix(
                0, rows: model.dimensions.sequenceLength,
                columns: model.dimensions.vocabularySize), count: slotCount)
        gradients = [:]
        optimizers = settings.map { ReferenceOptimizers($0, model: model) }
    }

    /// Keeps the results of a slot's segment.
    mutating func keep(_ results: ReferenceSegment.Results, of slot: Int) {
        states[slot] = results.states
        logits[slot] = results.logits.value
    }

    /// The model with the averaged weights; nil without an average.
    var averagedModel: ReferenceModel? {
        guard let average = optimizers?.average else { return nil }
        var averaged = model
        averaged.weights.merge(average) { $1 }
        return averaged
    }
}

/// The optimizers of an engine with their state, each tensor by name.
struct ReferenceOptimizers: Sendable {
    var settings: ReferenceOptimizerSettings
    /// AdamATan2's mean of gradients, or Muon's momentum.
    var firstMoment: [String: PlainMatrix]
    /// AdamATan2's mean of squared gradients.
    var secondMoment: [String: PlainMatrix]
    /// The averaged parameters; nil without an average.
    var average: [String: PlainMatrix]?

    init(_ settings: ReferenceOptimizerSettings, model: ReferenceModel) {
        self.settings = settings
        let parameters = model.weights.filter { weight in
            model.layout.entries.contains { $0.name == weight.key }
        }
        firstMoment = parameters.mapValues { PlainMatrix(0, rows: $0.rows, columns: $0.columns) }
        secondMoment = firstMoment
        average = settings.averages ? parameters : nil
    }

    /// Updates all weights but the puzzle embedding.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - gradients: The gradients by name.
    ///   - update: The learning rates, and the share of the new weights in the average.
    mutating func update(
        _ model: inout ReferenceModel, gradients: [String: PlainMatrix],
        _ update: ReferenceTrainingStep.Update
    ) {
        guard !settings.freezesWeights else { return }
        var gradients = gradients
        ReferenceSymbols(model)?.share(&gradients)
        for name in firstMoment.keys {
            guard var weight = model.weights[name], var mean = firstMoment[name],
                var meanSquare = secondMoment[name], let gradient = gradients[name]
            else { preconditionFailure("no gradient of '\(name)'") }
            let matrices = ReferenceMuon.matrixCount(of: name)
            if let muon = settings.muon, matrices > 0 {
                muon.update(
                    &weight, mean: &mean, gradient: gradient, matrices: matrices,
                    learningRate: update.muonLearningRate)
            } else {
                settings.adam.update(
                    &weight, mean: &mean, meanSquare: &meanSquare, gradient: gradient,
                    learningRate: update.learningRate, number: update.number)
            }
            model.weights[name] = weight
            firstMoment[name] = mean
            secondMoment[name] = meanSquare
        }
        updateAverage(of: model, share: update.averageShare)
    }

    /// Updates the average, `a ← share · w + (1 − share) · a`.
    mutating func updateAverage(of model: ReferenceModel, share: Double) {
        guard !settings.freezesWeights else { return }
        for (name, old) in average ?? [:] {
            average?[name] = model.weights[name]?.scaled(by: share)
                .adding(old.scaled(by: 1 - share))
        }
    }
}
