import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Gradients against central differences, and learning.
@Suite struct TextLearnerTests {
    private func learner(_ configuration: TextConfiguration) -> TextLearner {
        var generator = SeededGenerator(seed: 5)
        let parameters = TextParameters(configuration, using: &generator)
        return TextLearner(
            configuration: configuration, parameters: parameters,
            initialLow: TextParameters.initialLow(configuration, using: &generator),
            workers: Workers(count: 2))
    }

    private let rows = [
        TextRow(
            ids: [3, 1, 4, 1, 5, 9, 2, 6, 5], types: [1, 1, 1, 0, 0, 1, 1, 0, 0],
            positions: [0, 1, 2, 3, 4, 0, 1, 2, 3]),
        TextRow.prompt([7, 8, 2, 30]),
    ]
    private let targets: [[Int32]] = [[-1, -1, 1, 5, -100, -1, 6, 5, 3], [-1, -1, -1, 12]]

    @Test(arguments: [false, true])
    func gradientsAreCentralDifferences(_ isTied: Bool) throws {
        let configuration = TinyText.configuration(blocks: 1, isTied: isTied)
        let learner = learner(configuration)
        let plan = GradientPlan(lowCycles: [2, 2], configuration)
        #expect(plan.passes.allSatisfy { $0 })
        _ = try learner.computeGradients(rows, targets: targets, plan: plan)
        let exact = learner.gradients.named.map { $0.matrix.values }
        var generator = SeededGenerator(seed: 8)
        for (index, (name, matrix)) in learner.parameters.named.enumerated() {
            // One direction through all numbers of a matrix has less rounding than single numbers.
            let direction = (0..<(matrix.rows * matrix.columns)).map { _ in
                generator.nextUnitFloat() - 0.5
            }
            let start = matrix.values
            func loss(_ step: Float) throws -> Double {
                matrix.assign(zip(start, direction).map { $0 + step * $1 })
                return try learner.computeGradients(rows, targets: targets, plan: plan).meanLoss
            }
            let step: Float = 2e-3
            let difference = (try loss(step) - loss(-step)) / Double(2 * step)
            matrix.assign(start)
            let expected = zip(exact[index], direction).reduce(0) {
                $0 + Double($1.0) * Double($1.1)
            }
            #expect(
                abs(difference - expected) <= 2e-3 + 0.01 * abs(expected),
                "\(name): \(difference), \(expected)")
        }
    }

    @Test func plansOfBothKindsAgreeWhereTheyCan() {
        let configuration = TinyText.configuration(high: 2, low: 3)
        for count in 1...3 {
            #expect(
                GradientPlan(steps: 2 + count, configuration)
                    == GradientPlan(lowCycles: [0, count], configuration))
        }
        #expect(
            GradientPlan(steps: 2, configuration).passes
                == [false, false, false, false, false, false, true, true])
        #expect(
            GradientPlan(lowCycles: [2], configuration)
                == GradientPlan(lowCycles: [1, 2], configuration))
        #expect(
            (0...10).map { GradientPlan.warmUp(step: $0, of: 30) }
                == [2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5])
    }

    @Test func fewStepsLearnASequence() throws {
        let configuration = TinyText.configuration()
        let learner = learner(configuration)
        var losses: [Double] = []
        for step in 0..<30 {
            let loss = try learner.computeGradients(
                rows, targets: targets,
                plan: GradientPlan(
                    steps: GradientPlan.warmUp(step: step, of: 30), configuration))
            losses.append(loss.meanLoss)
            learner.update(learningRate: 0.01)
        }
        let last = try #require(losses.last)
        #expect(last < losses[0] / 4, "\(losses[0]) to \(last)")
        let model = learner.model(averaged: false)
        let logits = try model.logits(of: rows[1])
        let best = logits[3].indices.max { logits[3][$0] < logits[3][$1] }
        #expect(best == 12)
    }

    @Test func wrongTargetsAreRefused() throws {
        let configuration = TinyText.configuration()
        let learner = learner(configuration)
        let plan = GradientPlan(steps: 2, configuration)
        #expect(throws: TextSessionError.unknownToken(id: 37, vocabularySize: 37)) {
            try learner.computeGradients([.prompt([1, 2])], targets: [[-1, 37]], plan: plan)
        }
        #expect(throws: TextSessionError.typeCount(tokens: 2, types: 1)) {
            try learner.computeGradients([.prompt([1, 2])], targets: [[1]], plan: plan)
        }
    }
}
