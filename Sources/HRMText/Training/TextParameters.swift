package import HRMTensor

/// The trainable numbers of a text model in float32, or as many numbers that belong to them:
/// gradients, moments, averages.
///
/// The initial fast state is never trained and not among them. Biases cannot be trained.
package struct TextParameters: Sendable {
    /// The matrices of one block, as in ``TextBlockWeights``.
    package struct Block: Sendable {
        package var attention: Matrix
        package var attentionOutput: Matrix
        package var gateUp: Matrix
        package var down: Matrix

        /// The matrices with the rest of their published names.
        var named: [(name: String, matrix: Matrix)] {
            [
                ("attn.gqkv_proj.weight", attention), ("attn.o_proj.weight", attentionOutput),
                ("mlp.gate_up_proj.weight", gateUp), ("mlp.down_proj.weight", down),
            ]
        }
    }

    /// Shape `[V, C]`.
    package var embedding: Matrix
    /// Shape `[V, C]`; nil if the head is the embedding.
    package var head: Matrix?
    /// The blocks of the fast module; none if it has no passes.
    package var low: [Block]
    /// The blocks of the slow module.
    package var high: [Block]

    /// Creates zeros.
    ///
    /// - Parameters:
    ///   - configuration: The extents.
    ///   - precision: The number format; training needs float32.
    package init(_ configuration: TextConfiguration, precision: Precision = .float32) {
        func zeros(rows: Int, columns: Int) -> Matrix {
            Matrix(rows: rows, columns: columns, precision: precision)
        }
        let (hidden, inner) = (configuration.hiddenSize, configuration.innerSize)
        let heads = configuration.headCount * configuration.headSize
        func blocks() -> [Block] {
            (0..<configuration.layersPerStack).map { _ in
                Block(
                    attention: zeros(rows: 4 * heads, columns: hidden),
                    attentionOutput: zeros(rows: hidden, columns: heads),
                    gateUp: zeros(rows: 2 * inner, columns: hidden),
                    down: zeros(rows: hidden, columns: inner))
            }
        }
        embedding = zeros(rows: configuration.vocabularySize, columns: hidden)
        head =
            configuration.hasTiedHead
            ? nil : zeros(rows: configuration.vocabularySize, columns: hidden)
        low = configuration.lowCycles == 0 ? [] : blocks()
        high = blocks()
    }

    /// All matrices with their published names, in a fixed order.
    package var named: [(name: String, matrix: Matrix)] {
        var all = [(name: TensorNames.embedding, matrix: embedding)]
        if let head { all.append((TensorNames.head, head)) }
        for (stack, blocks) in [("L", low), ("H", high)] {
            for (index, block) in blocks.enumerated() {
                let prefix = TensorNames.block(stack, index)
                all += block.named.map { (prefix + $0.name, $0.matrix) }
            }
        }
        return all
    }

    /// Sets all numbers to those of other parameters of the same extents.
    package func assign(_ other: TextParameters) {
        for (own, other) in zip(named, other.named) { own.matrix.assign(other.matrix) }
    }

    /// Sets all numbers to zero.
    package func clear() {
        for (_, matrix) in named { matrix.clear() }
    }
}

extension TextParameters {
    /// Creates the weights of a model, widened to float32.
    ///
    /// - Parameter model: A model without biases.
    package init(_ model: TextModel) {
        let configuration = model.configuration
        precondition(
            !configuration.hasAttentionBias && !configuration.hasInnerBias,
            "biases cannot be trained")
        self.init(configuration)
        func copy(_ weight: StoredWeight, _ matrix: Matrix) {
            for row in 0..<matrix.rows { weight.read(row: row, into: matrix, row: row) }
        }
        copy(model.weights.embedding, embedding)
        if let head { copy(model.weights.head, head) }
        for (blocks, sources) in [(low, model.weights.low), (high, model.weights.high)] {
            for (block, source) in zip(blocks, sources) {
                copy(source.attention, block.attention)
                copy(source.attentionOutput, block.attentionOutput)
                copy(source.gateUp, block.gateUp)
                copy(source.down, block.down)
            }
        }
    }

    /// Creates the initial weights of the original training code.
    ///
    /// Each number is `1.01476 · std` times a normal number that is folded by the remainder at ±3;
    /// `std` is 1/√F for the down projection and 1/√C for all others.
    ///
    /// - Parameters:
    ///   - configuration: The extents.
    ///   - generator: The source of randomness.
    package init(_ configuration: TextConfiguration, using generator: inout SeededGenerator) {
        self.init(configuration)
        for (name, matrix) in named {
            let width =
                name.hasSuffix("down_proj.weight")
                ? configuration.innerSize : configuration.hiddenSize
            FoldedNormal.fill(
                matrix, standardDeviation: 1 / Double(width).squareRoot(), using: &generator)
        }
    }

    /// Returns the initial fast state of the original training code: of deviation 1, in bfloat16.
    package static func initialLow(
        _ configuration: TextConfiguration, using generator: inout SeededGenerator
    ) -> Matrix {
        let state = Matrix(rows: 1, columns: configuration.hiddenSize)
        FoldedNormal.fill(state, standardDeviation: 1, using: &generator)
        state.assign(state.values.map { Precision.bfloat16.rounded($0) })
        return state
    }

    /// Returns a model that reads these parameters' memory.
    package func model(
        _ configuration: TextConfiguration, initialLow: Matrix, workers: Workers,
        precision: Precision = .float32
    ) -> TextModel {
        func blocks(_ blocks: [Block]) -> [TextBlockWeights] {
            blocks.map {
                TextBlockWeights(
                    attention: StoredWeight($0.attention),
                    attentionOutput: StoredWeight($0.attentionOutput),
                    gateUp: StoredWeight($0.gateUp), down: StoredWeight($0.down))
            }
        }
        return TextModel(
            configuration: configuration,
            weights: TextWeights(
                embedding: StoredWeight(embedding), initialLow: initialLow, low: blocks(low),
                high: blocks(high), head: StoredWeight(head ?? embedding)),
            precision: precision, workers: workers)
    }
}
