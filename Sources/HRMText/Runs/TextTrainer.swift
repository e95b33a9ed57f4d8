import Foundation
package import HRMTensor

/// The training of a small text model, step by step.
///
/// Equal settings, examples and worker counts give equal bits, whether or not the training was
/// interrupted. Not thread-safe.
package final class TextTrainer {
    /// The results of a step.
    package struct StepResult: Sendable {
        /// The number of completed steps.
        package var step: Int
        /// The loss and its counts.
        package var loss: TextLoss
        /// The learning rate.
        package var learningRate: Double
        /// The number of stack passes with gradient.
        package var gradientPasses: Int
        /// The floating-point operations of all steps so far.
        package var operations: Double
    }

    /// The purposes of random numbers.
    private enum Stream {
        static let weights: UInt64 = 1
        static func order(epoch: Int) -> UInt64 { UInt64(epoch) << 32 | 2 }
    }

    /// The settings.
    package let settings: TextTrainingSettings
    /// The weights and their optimizer.
    package let learner: TextLearner
    /// The number of completed steps.
    package internal(set) var step = 0
    /// The floating-point operations of all steps so far.
    package internal(set) var operations = 0.0
    private let lessons: [TextLesson]
    private let cost: TextTrainingCost
    /// The order of the examples in an epoch.
    private var order: (epoch: Int, places: [Int])?

    /// Creates a model with random weights.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - configuration: The model's extents.
    ///   - lessons: At least one example.
    ///   - workers: The worker threads.
    /// - Throws: ``TextTrainingError`` for invalid settings, or without examples.
    package init(
        settings: TextTrainingSettings, configuration: TextConfiguration, lessons: [TextLesson],
        workers: Workers
    ) throws(TextTrainingError) {
        try settings.validate()
        guard !lessons.isEmpty else { throw .empty }
        self.settings = settings
        self.lessons = lessons
        var generator = SeededGenerator(seed: settings.seed, stream: Stream.weights)
        let parameters = TextParameters(configuration, using: &generator)
        var initialLow = TextParameters.initialLow(configuration, using: &generator)
        // A plain transformer adds nothing to its input.
        if configuration.lowCycles == 0 {
            initialLow = Matrix(rows: 1, columns: configuration.hiddenSize)
        }
        var rule = TextLearner.Settings()
        rule.weightDecay = settings.weightDecay
        rule.averageDecay = settings.averageDecay
        learner = TextLearner(
            configuration: configuration, parameters: parameters, initialLow: initialLow,
            settings: rule, workers: workers)
        cost = TextTrainingCost(configuration)
    }

    /// The completed share of the training, 0 through 1.
    package var progress: Double {
        min(1, settings.budget.map { operations / $0 } ?? Double(step) / Double(settings.steps))
    }

    /// True after the last step.
    package var isFinished: Bool {
        settings.budget.map { operations >= $0 } ?? (step >= settings.steps)
    }

    /// Makes a step.
    ///
    /// - Returns: Its loss and counts, before the update.
    /// - Throws: ``TextSessionError`` for an example that does not fit the model.
    package func advance() throws(TextSessionError) -> StepResult {
        let batch = nextBatch()
        let count =
            settings.warmsUpGradient
            ? min(
                settings.gradientSteps,
                GradientPlan.warmUp(step: Int(progress * 1e6), of: 1_000_000))
            : settings.gradientSteps
        let plan = GradientPlan(steps: count, learner.configuration)
        let rate = learningRate
        let loss = try learner.computeGradients(
            batch.map(\.row), targets: batch.map(\.targets), plan: plan)
        learner.update(learningRate: rate)
        operations += cost.operations(
            lengths: batch.map(\.row.ids.count), targetCount: loss.tokenCount, plan: plan)
        step += 1
        return StepResult(
            step: step, loss: loss, learningRate: rate,
            gradientPasses: plan.passes.count { $0 }, operations: operations)
    }

    /// The next step's learning rate: a linear rise, then half a cosine.
    private var learningRate: Double {
        let rise =
            settings.warmupSteps > 0
            ? min(1, Double(step + 1) / Double(settings.warmupSteps)) : 1
        let fall = (1 + cos(Double.pi * progress)) / 2
        return settings.learningRate * rise
            * (settings.finalShare + (1 - settings.finalShare) * fall)
    }

    /// The examples of the next step: all examples in a new order in each epoch.
    private func nextBatch() -> [TextLesson] {
        let first = step * settings.batchSize
        return (first..<(first + settings.batchSize)).map { number in
            lessons[places(epoch: number / lessons.count)[number % lessons.count]]
        }
    }

    private func places(epoch: Int) -> [Int] {
        if let order, order.epoch == epoch { return order.places }
        var generator = SeededGenerator(
            seed: settings.seed, stream: Stream.order(epoch: epoch))
        let places = Array(lessons.indices).shuffled(using: &generator)
        order = (epoch, places)
        return places
    }
}
