import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

/// Segments in which another number of applications than two carries gradient.
///
/// Where all of them do, the gradient is the exact one, for every parameter, also where one stack
/// runs several times.
@Suite struct ScheduleGradientTests {
    private static let low = ModuleApplication(
        stack: SegmentSchedule.HierarchicalStack.low, updates: .low)
    private static let high = ModuleApplication(
        stack: SegmentSchedule.HierarchicalStack.high, updates: .high)
    private static let shared = SegmentSchedule.HierarchicalStack.high

    static let schedules: [[ModuleApplication]] = [
        [low, low, high],
        [low, high, low, low, high],
        // One network in both roles, as in recursive models with a single one.
        [
            ModuleApplication(stack: shared, updates: .low),
            ModuleApplication(stack: shared, updates: .low),
            ModuleApplication(stack: shared, updates: .high),
        ],
    ]

    /// A linear loss of all that the heads put out: the gradient that the backward pass finds, and
    /// the loss as a function of whatever the parameters are.
    private static func check(
        _ model: HierarchicalReasoningModel,
        _ body: (
            _ gradients: Matrix, _ check: GradientCheck, _ generator: inout SeededGenerator,
            _ loss: () -> Double
        ) throws -> Void
    ) throws {
        var generator = SeededGenerator(seed: 181)
        let size = 2
        let batch = TestModel.batch(size, for: model, using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let outputs = ReasoningEngine(
            model: model, batchSize: size, workers: Workers(count: 1), training: true
        ).outputs
        let worker = SegmentWorker(
            model: model, sizes: [size], team: Team(), training: true, stopwatch: nil)
        let logitWeights = generator.values(outputs.logits.rows * outputs.logits.columns)
        let qWeights = generator.values(2 * size)
        worker.learn(
            model, carry: start.copied(for: model), slots: 0..<size, outputs: outputs
        ) { _, memory, _ in
            memory.logitsGradient32.assign(logitWeights)
            memory.qGradient.assign(qWeights)
        }
        func loss() -> Double {
            model.pack(workers: Workers(count: 1))
            _ = worker.infer(
                model, carry: start.copied(for: model), slots: 0..<size, maxSteps: 1,
                outputs: outputs)
            return weighted(outputs.logits.values, logitWeights)
                + weighted(outputs.qLogits.values, qWeights)
        }
        _ = loss()
        let terms = zip(outputs.logits.values, logitWeights).map { $0 * $1 }
        let check = GradientCheck(
            magnitude: weighted(terms, terms).squareRoot() + 1, samples: 2)
        try body(try #require(worker.gradients), check, &generator, loss)
    }

    private static func model(_ schedule: SegmentSchedule) throws -> HierarchicalReasoningModel {
        var model = TestModel.make(
            try TestModel.configuration {
                $0.hiddenSize = 6
                $0.puzzleEmbeddingSize = 8
            })
        model.schedule = schedule
        return model
    }

    @Test(arguments: schedules)
    func throughAllApplicationsItIsExact(applications: [ModuleApplication]) throws {
        let model = try Self.model(
            SegmentSchedule(
                applications: applications, gradientApplications: applications.count))
        let stacks = Set(applications.map(\.stack))
        try Self.check(model) { gradients, check, generator, loss in
            for entry in model.layout.entries {
                let gradient = entry.matrix(in: gradients).values
                let isUsed = stacks.contains(1) || !entry.name.hasPrefix("L_level")
                #expect(gradient.contains { $0 != 0 } == isUsed, "\(entry.name)")
                check.expect(
                    gradient, of: entry.matrix(in: model.parameters), entry.name,
                    using: &generator, loss: loss)
            }
        }
    }

    /// Of two cycles of a TRM only the last one learns: it has the gradient of a segment of one
    /// cycle that begins where the first one ended.
    @Test(arguments: [TestModel.Kind.tiny, .mixing, .symbols])
    func theLastCycleLearnsAsIfItWereAlone(kind: TestModel.Kind) throws {
        var model = TestModel.make(
            try TestModel.configuration {
                $0.lowCycles = 2
                $0.lowLayers = 2
                kind.apply(to: &$0)
            })
        let one = model.configuration.schedule
        var two = one
        two.applications += one.applications
        var generator = SeededGenerator(seed: 182)
        let batch = TestModel.batch(3, for: model, using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let logitWeights = generator.values(3 * model.positionCount * 5)
        let qWeights = generator.values(6)
        func gradient(_ carry: Carry) throws -> [Float] {
            let worker = SegmentWorker(
                model: model, sizes: [3], team: Team(), training: true, stopwatch: nil)
            let outputs = ReasoningEngine(
                model: model, batchSize: 3, workers: Workers(count: 1), training: true
            ).outputs
            worker.learn(model, carry: carry, slots: 0..<3, outputs: outputs) { _, memory, _ in
                #expect(memory.kept.count == 3)
                memory.logitsGradient32.assign(logitWeights)
                memory.qGradient.assign(qWeights)
            }
            return try #require(worker.gradients).values
        }
        model.schedule = two
        let whole = try gradient(start.copied(for: model))
        model.schedule = one
        let half = start.copied(for: model)
        _ = try gradient(half)  // the states of the first cycle
        let last = try gradient(half)
        #expect(whole == last)
        #expect(last.contains { $0 != 0 })
    }

    /// The states that enter the first of the learned applications are constants: nothing before
    /// them has a gradient, and what comes after has the exact one.
    @Test func nothingFlowsPastTheFirstLearnedApplication() throws {
        let model = try Self.model(
            SegmentSchedule(applications: [Self.low, Self.high], gradientApplications: 1))
        try Self.check(model) { gradients, check, generator, loss in
            for entry in model.layout.entries {
                let gradient = entry.matrix(in: gradients).values
                if entry.name.hasPrefix("L_level") || entry.name.hasPrefix("embed_") {
                    #expect(gradient.allSatisfy { $0 == 0 }, "\(entry.name)")
                } else {
                    check.expect(
                        gradient, of: entry.matrix(in: model.parameters), entry.name,
                        using: &generator, loss: loss)
                }
            }
        }
    }
}
