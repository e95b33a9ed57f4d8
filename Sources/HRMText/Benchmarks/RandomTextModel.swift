package import Foundation
import HRMFiles
import HRMTensor

/// Folders of models with random weights, for measurements of speed and memory.
package enum RandomTextModel {
    /// The extents of a model.
    package enum Size: String, Sendable, CaseIterable {
        /// 1.18 G parameters, the extents of HRM-Text-1B.
        case large
        /// 0.16 G parameters, of which a token touches 0.30 G.
        case middle
        /// 0.3 M parameters, for tests.
        case tiny

        /// The extents and constants.
        package var configuration: TextConfiguration {
            let (hidden, inner, heads, headSize, layers, vocabulary) =
                switch self {
                case .large: (1536, 4096, 12, 128, 16, 65_536)
                case .middle: (768, 2048, 6, 128, 4, 65_536)
                case .tiny: (64, 128, 2, 32, 1, 512)
                }
            return TextConfiguration(
                vocabularySize: vocabulary, hiddenSize: hidden, innerSize: inner,
                headCount: heads, headSize: headSize, layersPerStack: layers, highCycles: 2,
                lowCycles: 3, embeddingScale: Float(hidden).squareRoot(),
                initializerRange: 1 / Float(hidden).squareRoot(), normEpsilon: 1e-6,
                rotaryBase: 10_000, hasPrefixAttention: true, hasTiedHead: false,
                hasAttentionBias: false, hasInnerBias: false, lowCyclesWithGradient: [0, 3],
                contextLength: 4096, paddingToken: 5, beginToken: 6, endTokens: [11])
        }
    }

    /// Writes a folder that ``TextModel/load(folder:options:)`` and transformers read.
    ///
    /// The weights are uniform with the deviation 1/√C, in bfloat16; the tokenizer has a token for
    /// each byte.
    ///
    /// - Parameters:
    ///   - size: The extents.
    ///   - folder: The folder, which is created.
    ///   - seed: The seed of the weights.
    /// - Throws: An error about a file that cannot be written.
    package static func write(_ size: Size, to folder: URL, seed: UInt64) throws {
        let configuration = size.configuration
        var generator = SeededGenerator(seed: seed)
        let parameters = TextParameters(configuration, precision: .bfloat16)
        let initialLow = Matrix(rows: 1, columns: configuration.hiddenSize)
        let range = (3 / Float(configuration.hiddenSize)).squareRoot()
        for matrix in parameters.named.map(\.matrix) {
            for row in 0..<matrix.rows { fill(matrix, row: row, range: range, &generator) }
        }
        fill(initialLow, row: 0, range: 1, &generator)
        try parameters.write(
            to: folder, configuration: configuration, initialLow: initialLow,
            precision: .bfloat16)
        try TokenizerTrainer(vocabularySize: TokenizerTrainer.byteVocabularySize).train().write(
            to: folder.appendingPathComponent("tokenizer.json"))
    }

    private static func fill(
        _ matrix: Matrix, row: Int, range: Float, _ generator: inout SeededGenerator
    ) {
        let values = (0..<matrix.columns).map { _ in
            (2 * generator.nextUnitFloat() - 1) * range
        }
        matrix.rows(row..<(row + 1)).assign(values)
    }
}
