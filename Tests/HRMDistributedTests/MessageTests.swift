import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMDistributed

/// Messages are read as they were written, and damaged ones are refused.
@Suite struct MessageTests {
    private static func outcome(_ index: Int) -> SequenceOutcome {
        var loss = SequenceLoss(
            labelCount: 81, correctCount: 80 - index, tokenLoss: 0.1 + .ulpOfOne,
            qHaltLoss: .infinity, qContinueLoss: -0.0)
        loss.qHaltWeight = 0.25
        return SequenceOutcome(
            row: index, loss: loss, qHalt: -3.5, qContinue: 2,
            targetQContinue: index > 0 ? 0.3 : nil,
            next: index > 1 ? .init(qHalt: 1, qContinue: -1) : nil, steps: 7,
            hasHalted: index.isMultiple(of: 2))
    }

    @Test(arguments: 0..<3)
    func outcomesReturn(index: Int) throws {
        var message = MessageWriter()
        message.add(Self.outcome(index))
        var reader = MessageReader(message.bytes)
        let found = try reader.outcome()
        #expect(found == Self.outcome(index))
        #expect(found.loss.qContinueLoss.sign == .minus)
        #expect(reader.isAtEnd)
    }

    private static var step: TrainingStep {
        TrainingStep(
            slots: 4..<8, learningSlots: 3, minimumSteps: [1, 2, 3, 4], maxSteps: 16,
            schedule: .tiny(highCycles: 2, lowCycles: 3), scale: 1 / 3,
            update: .init(
                number: 9, learningRate: 1e-4, puzzleLearningRate: 1e-2, muonLearningRate: 0.02,
                averageRate: nil))
    }

    @Test func stepsReturn() throws {
        var message = MessageWriter()
        message.add(Self.step)
        var reader = MessageReader(message.bytes)
        let found = try reader.step(slotCount: 8)
        #expect(found.slots == 4..<8)
        #expect(found.learningSlots == 3)
        #expect(found.minimumSteps == [1, 2, 3, 4])
        #expect(found.schedule == Self.step.schedule)
        #expect(found.scale == Self.step.scale)
        #expect(found.update?.number == 9)
        #expect(found.update?.learningRate == 1e-4)
        #expect(found.update?.muonLearningRate == 0.02)
        #expect(found.update?.averageRate == nil)
        #expect(reader.isAtEnd)
    }

    private static func description(_ kind: TestModel.Kind) throws -> EngineDescription {
        var description = EngineDescription(
            configuration: try TestModel.configuration { kind.apply(to: &$0) },
            dimensions: PuzzleDimensions(
                vocabularySize: 5, sequenceLength: 9, puzzleIdentifierCount: 3), batchSize: 7,
            batches: 2, workers: 3)
        var optimizers = OptimizerDescription()
        optimizers.muon = MuonSettings()
        optimizers.averagesWeights = true
        description.optimizers = optimizers
        return description
    }

    @Test(arguments: TestModel.Kind.allCases)
    func descriptionsReturn(kind: TestModel.Kind) throws {
        let description = try Self.description(kind)
        var message = MessageWriter()
        message.add(description)
        var reader = MessageReader(message.bytes)
        #expect(try reader.engineDescription() == description)
        #expect(reader.isAtEnd)
    }

    @Test func survivesMutation() throws {
        var description = MessageWriter()
        description.add(try Self.description(.hierarchical))
        var step = MessageWriter()
        step.add(Self.step)
        var outcome = MessageWriter()
        outcome.add(Self.outcome(2))
        let originals = [description.bytes, step.bytes, outcome.bytes]
        Mutations("message", count: 3000, seed: 221, telling: [0, 1, 255]).run(on: originals) {
            round in
            var reader = MessageReader(round.bytes)
            do throws(MessageReader.Problem) {
                switch round.original {
                case 0: _ = try reader.engineDescription()
                case 1: _ = try reader.step(slotCount: 8)
                default: _ = try reader.outcome()
                }
                return true
            } catch {
                #expect(!error.reason.isEmpty, "\(round.description)")
                return false
            }
        }
    }
}
