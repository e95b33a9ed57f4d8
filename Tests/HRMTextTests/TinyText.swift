import Foundation
import HRMTensor
import HRMText

/// Small models with random weights.
enum TinyText {
    /// A configuration of odd extents, with head rows of another width than the hidden size.
    static func configuration(
        hidden: Int = 20, heads: Int = 2, headSize: Int = 6, inner: Int = 28, blocks: Int = 2,
        high: Int = 2, low: Int = 2, vocabulary: Int = 37, isTied: Bool = false
    ) -> TextConfiguration {
        TextConfiguration(
            vocabularySize: vocabulary, hiddenSize: hidden, innerSize: inner, headCount: heads,
            headSize: headSize, layersPerStack: blocks, highCycles: high, lowCycles: low,
            embeddingScale: 3, initializerRange: 0.2, normEpsilon: 1e-5, rotaryBase: 1000,
            hasPrefixAttention: true, hasTiedHead: isTied, hasAttentionBias: false,
            hasInnerBias: false, lowCyclesWithGradient: [], contextLength: 64, paddingToken: nil,
            beginToken: nil, endTokens: [])
    }

    /// A model with random weights.
    static func model(
        _ configuration: TextConfiguration = configuration(), seed: UInt64 = 1, workers: Int = 2,
        precision: Precision = .float32
    ) -> TextModel {
        var generator = SeededGenerator(seed: seed)
        let parameters = TextParameters(configuration, using: &generator)
        return parameters.model(
            configuration,
            initialLow: TextParameters.initialLow(configuration, using: &generator),
            workers: Workers(count: workers), precision: precision)
    }

    /// Random tokens.
    static func ids(_ count: Int, seed: UInt64, vocabulary: Int = 37) -> [Int32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Int32(generator.next() % UInt64(vocabulary)) }
    }
}
