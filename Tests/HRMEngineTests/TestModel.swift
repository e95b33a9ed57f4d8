import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

extension TestModel {
    /// A model with every weight at random, the Q head's and the puzzles' included.
    static func make(
        _ configuration: HRMConfiguration, dimensions: PuzzleDimensions = dimensions,
        seed: UInt64 = 1
    ) -> HierarchicalReasoningModel {
        var generator = SeededGenerator(seed: seed)
        let model = HierarchicalReasoningModel(
            configuration: configuration, dimensions: dimensions, using: &generator)
        for name in ["q_head.weight", "q_head.bias"] {
            let entry = model.layout.entry(name)
            entry.matrix(in: model.parameters).assign(generator.values(entry.count))
        }
        if let puzzles = model.puzzleEmbedding {
            puzzles.assign(generator.values(puzzles.rows * puzzles.columns))
        }
        model.pack(workers: Workers(count: 1))
        return model
    }

    /// Random puzzles; about one label in five is ignored, and so are all of the last row's where
    /// there are several.
    static func batch(
        _ size: Int, for model: HierarchicalReasoningModel, using generator: inout SeededGenerator
    ) -> TokenBatch {
        let dimensions = model.dimensions
        let cells = size * dimensions.sequenceLength
        func tokens(_ generator: inout SeededGenerator) -> [Int32] {
            (0..<cells).map { _ in
                Int32.random(in: 0..<Int32(dimensions.vocabularySize), using: &generator)
            }
        }
        let inputs = tokens(&generator)
        var labels = tokens(&generator).map {
            generator.nextUnitFloat() < 0.2 ? TokenLoss.ignoredLabel : $0
        }
        if size > 1 {
            for cell in (cells - dimensions.sequenceLength)..<cells {
                labels[cell] = TokenLoss.ignoredLabel
            }
        }
        let identifiers = (0..<size).map { _ in
            Int32.random(in: 0..<Int32(dimensions.puzzleIdentifierCount), using: &generator)
        }
        return TokenBatch(inputs: inputs, labels: labels, puzzleIdentifiers: identifiers)
    }

    /// A carry in the midst of work: random states, nobody halted.
    static func carry(
        _ batch: TokenBatch, model: HierarchicalReasoningModel,
        using generator: inout SeededGenerator
    ) -> CPUCarry {
        var carry = CPUCarry(batchSize: batch.puzzleIdentifiers.count, model: model)
        carry.refill(from: batch, model: model)
        for state in [carry.high, carry.low] {
            state.assign(generator.values(state.rows * state.columns, scale: 1.5))
        }
        return carry
    }
}

extension SegmentExecutor {
    /// The most likely token of each cell of a slot, after the last step.
    func predictions(of slot: Int) -> [Int32] {
        let vocabulary = model.dimensions.vocabularySize
        return outputs.logits.withValues { logits in
            (0..<model.dimensions.sequenceLength).map { cell in
                let first = model.firstLogit(of: slot) + cell * vocabulary
                return Int32(TokenLoss.mostLikely(logits, cell: first..<(first + vocabulary)))
            }
        }
    }
}

extension CPUCarry {
    /// The same with states of its own.
    func copied(for model: HierarchicalReasoningModel) -> CPUCarry {
        var copy = CPUCarry(batchSize: batchSize, model: model)
        copy.high.assign(high)
        copy.low.assign(low)
        copy.slots = slots
        return copy
    }
}

/// `Σ weight · value`, in float64.
func weighted(_ values: [Float], _ weights: [Float]) -> Double {
    zip(values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// `‖a − b‖ / ‖b‖`.
func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
    let difference = zip(a, b).reduce(0.0) {
        let d = Double($1.0) - Double($1.1)
        return $0 + d * d
    }
    return (difference / b.reduce(0.0) { $0 + Double($1) * Double($1) }).squareRoot()
}
