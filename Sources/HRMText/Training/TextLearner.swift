package import HRMTensor

/// A text model in training on this machine's processors: weights, gradients, moments, averages.
///
/// All numbers are float32. Not thread-safe.
package final class TextLearner {
    /// The settings of the gradient and of the update.
    package struct Settings: Sendable, Hashable {
        /// The decay rate of the mean of gradients.
        package var beta1 = 0.9
        /// The decay rate of the mean of squared gradients.
        package var beta2 = 0.95
        /// Decoupled weight decay, as a fraction of the learning rate.
        package var weightDecay = 0.1
        /// The share of the old average that a step keeps.
        package var averageDecay = 0.9999
        /// True to leave the padding token's row of the embedding without gradient, as
        /// transformers does; the original training has one.
        package var freezesPaddingRow = false

        /// Creates the settings of the original training.
        package init() {}
    }

    /// The extents and constants.
    package let configuration: TextConfiguration
    /// The settings.
    package var settings: Settings
    /// The weights.
    package let parameters: TextParameters
    /// The initial fast state, which is not trained, shape `[1, C]`.
    package let initialLow: Matrix
    /// The exponential average of the weights.
    package let average: TextParameters
    /// The gradients of the last step.
    package let gradients: TextParameters
    /// The means of gradients and of squared gradients.
    package let moments: (first: TextParameters, second: TextParameters)
    /// The number of updates of each matrix, in the order of ``TextParameters/named``.
    package var updateCounts: [Int]
    /// The matrices with a gradient in the last step, in the same order.
    package private(set) var hasGradient: [Bool]
    /// The workers.
    package let pool: WorkerPool
    private let packed: PackedTextWeights

    /// Creates a learner.
    ///
    /// - Parameters:
    ///   - configuration: A configuration without biases.
    ///   - parameters: The first weights, which training changes.
    ///   - initialLow: The initial fast state, shape `[1, C]`.
    ///   - settings: The settings.
    ///   - workers: The worker threads.
    package init(
        configuration: TextConfiguration, parameters: TextParameters, initialLow: Matrix,
        settings: Settings = Settings(), workers: Workers = .available
    ) {
        precondition(
            !configuration.hasAttentionBias && !configuration.hasInnerBias,
            "biases cannot be trained")
        self.configuration = configuration
        self.settings = settings
        self.parameters = parameters
        self.initialLow = initialLow
        average = TextParameters(configuration)
        average.assign(parameters)
        gradients = TextParameters(configuration)
        moments = (TextParameters(configuration), TextParameters(configuration))
        let count = parameters.named.count
        updateCounts = [Int](repeating: 0, count: count)
        hasGradient = [Bool](repeating: false, count: count)
        pool = WorkerPool(workers: workers)
        packed = PackedTextWeights(parameters)
    }

    /// Returns a model that reads the weights or their average; later steps change it.
    package func model(averaged: Bool) -> TextModel {
        (averaged ? average : parameters).model(
            configuration, initialLow: initialLow, workers: Workers(count: pool.count))
    }

    /// Computes the loss of some sequences and its gradients.
    ///
    /// The loss is the mean cross entropy over all targets.
    ///
    /// - Parameters:
    ///   - rows: The sequences.
    ///   - targets: For each token the one that follows it, or a negative number if that is not
    ///     counted.
    ///   - plan: The stack passes with gradient.
    /// - Returns: The loss and counts.
    /// - Throws: ``TextSessionError`` for a sequence that is not valid.
    package func computeGradients(
        _ rows: [TextRow], targets: [[Int32]], plan: GradientPlan
    ) throws(TextSessionError) -> TextLoss {
        precondition(rows.count == targets.count, "\(rows.count) rows, \(targets.count) targets")
        for (row, targets) in zip(rows, targets) {
            try row.check(vocabularySize: configuration.vocabularySize)
            guard targets.count == row.ids.count else {
                throw .typeCount(tokens: row.ids.count, types: targets.count)
            }
            if let id = targets.first(where: { Int($0) >= configuration.vocabularySize }) {
                throw .unknownToken(id: id, vocabularySize: configuration.vocabularySize)
            }
        }
        packed.pack(parameters, pool: pool)
        gradients.clear()
        let pass = TrainingPass(
            configuration: configuration, rows: rows, packed: packed, gradients: gradients,
            pool: pool, plan: plan)
        pass.forward(parameters: parameters, initialLow: initialLow)
        let loss = pass.loss(rows: rows, targets: targets)
        let reached = pass.backward(
            frozenToken: settings.freezesPaddingRow ? configuration.paddingToken : nil)
        hasGradient = parameters.named.map { name, _ in
            switch TensorNames.parts(name)?.stack {
            case "L": reached.low
            case "H": reached.high
            default:
                name == TensorNames.head || configuration.hasTiedHead || reached.embedding
            }
        }
        return loss
    }

    /// Updates the weights that have a gradient by AdamATan2, then the average of all weights.
    ///
    /// - Parameter learningRate: The learning rate of this step.
    package func update(learningRate: Double) {
        let tensors = zip(
            zip(parameters.named, gradients.named),
            zip(moments.first.named, moments.second.named))
        for (index, ((parameter, gradient), (first, second))) in tensors.enumerated()
        where hasGradient[index] {
            updateCounts[index] += 1
            let rule = AdamATan2Update(
                learningRate: learningRate, weightDecay: settings.weightDecay,
                beta1: settings.beta1, beta2: settings.beta2, step: updateCounts[index])
            let flat = [parameter, gradient, first, second].map { $0.matrix.regrouped(rows: 1) }
            pool.share(flat[0].columns, inStepsOf: 64) { range, _ in
                rule.apply(
                    to: flat[0].columns(range), firstMoment: flat[2].columns(range),
                    secondMoment: flat[3].columns(range), gradients: [flat[1].columns(range)])
            }
        }
        let share = Float(1 - settings.averageDecay)
        for (mean, value) in zip(average.named, parameters.named) {
            let flat = [mean, value].map { $0.matrix.regrouped(rows: 1) }
            pool.share(flat[0].columns, inStepsOf: 64) { range, _ in
                MovingAverage.update(
                    flat[0].columns(range), with: flat[1].columns(range), share: share)
            }
        }
    }
}
