import HRMAccelerator
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// A small model with puzzles, for engines on a plug-in.
struct EngineCase {
    let model: HierarchicalReasoningModel
    let batch: TokenBatch
    var optimizers = OptimizerDescription()

    var configuration: HRMConfiguration { model.configuration }
    var size: Int { batch.puzzleIdentifiers.count }

    init(
        kind: TestModel.Kind, slots: Int = 4, seed: UInt64 = 5,
        _ change: (inout HRMConfiguration) -> Void = { _ in }
    ) throws {
        let configuration = try TestModel.configuration {
            kind.apply(to: &$0)
            change(&$0)
        }
        var generator = SeededGenerator(seed: seed)
        let dimensions = PuzzleDimensions(
            vocabularySize: 7, sequenceLength: 16, puzzleIdentifierCount: 5)
        model = HierarchicalReasoningModel(
            configuration: configuration, dimensions: dimensions, using: &generator)
        func tokens(_ count: Int, below bound: Int32) -> [Int32] {
            (0..<count).map { _ in Int32.random(in: 0..<bound, using: &generator) }
        }
        var labels = tokens(slots * 16, below: 7)
        labels[3] = TokenLoss.ignoredLabel
        batch = TokenBatch(
            inputs: tokens(slots * 16, below: 7), labels: labels,
            puzzleIdentifiers: tokens(slots, below: 5))
        // Rows of zeros would hide errors about them.
        if let table = model.puzzleEmbedding {
            table.assign(
                (0..<(table.rows * table.columns)).map { _ in
                    Float.random(in: -1...1, using: &generator)
                })
        }
    }

    /// An engine for training on the plug-in.
    func training(devices: Int = 1) throws -> AcceleratorEngine {
        try AcceleratorEngine(
            training: model, optimizers: optimizers, batchSize: size,
            context: AcceleratorContext(
                client: AvailablePlugin.client.get(), deviceCount: devices))
    }

    /// Makes steps, and returns the losses of each.
    func train(
        _ engine: any Engine, _ carry: inout Carry, steps: ClosedRange<Int>,
        learningSlots: Int? = nil, muonRate: Double? = nil, averageRate: Double? = nil
    ) -> [[Double]] {
        steps.map { number in
            for slot in carry.refill(from: batch) { engine.begin(slot, noise: nil) }
            let outcome = engine.train(
                &carry,
                TrainingStep(
                    slots: 0..<size, learningSlots: learningSlots ?? size,
                    minimumSteps: [Int](repeating: 2, count: size), maxSteps: 3,
                    scale: 1 / Double(size),
                    update: .init(
                        number: number, learningRate: 1e-3, puzzleLearningRate: 1e-2,
                        muonLearningRate: muonRate, averageRate: averageRate),
                    keepsGradients: true))
            return outcome.sequences.map(\.loss.total)
        }
    }

    func carry() -> Carry { Carry(slotCount: size, dimensions: model.dimensions) }
}

extension Engine {
    /// All tensors of a group as numbers.
    func numbers(_ group: TensorGroup) -> [String: [Float]] {
        Dictionary(uniqueKeysWithValues: tensors(group).map { ($0.name, $0.values.values) })
    }
}
