import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
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
        var generator = SeededGenerator(seed: 181)
        let linear = try LinearLossCheck(model, samples: 2, using: &generator)
        for entry in model.layout.entries {
            let gradient = entry.matrix(in: linear.gradients).values
            let isUsed = stacks.contains(1) || !entry.name.hasPrefix("L_level")
            #expect(gradient.contains { $0 != 0 } == isUsed, "\(entry.name)")
            linear.check.expect(
                gradient, of: entry.matrix(in: model.parameters), entry.name,
                using: &generator, loss: linear.loss)
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
        func gradient(_ carry: CPUCarry) throws -> [Float] {
            let worker = SegmentWorker(
                model: model, sizes: [3], team: Team(), training: true, stopwatch: nil)
            let outputs = SegmentExecutor(
                model: model, batchSize: 3, workers: Workers(count: 1), training: true
            ).outputs
            worker.learn(model, carry: carry, slots: 0..<3, outputs: outputs) { _, memory, _ in
                #expect(memory.saved.count == 3)
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
        var generator = SeededGenerator(seed: 181)
        let linear = try LinearLossCheck(model, samples: 2, using: &generator)
        for entry in model.layout.entries {
            let gradient = entry.matrix(in: linear.gradients).values
            if entry.name.hasPrefix("L_level") || entry.name.hasPrefix("embed_") {
                #expect(gradient.allSatisfy { $0 == 0 }, "\(entry.name)")
            } else {
                linear.check.expect(
                    gradient, of: entry.matrix(in: model.parameters), entry.name,
                    using: &generator, loss: linear.loss)
            }
        }
    }
}
