/// The names, shapes and positions of a model's tensors; parameters, gradients and optimizer state
/// are each one flat float32 array in this order.
package struct ParameterLayout: Sendable, Hashable {
    /// The initializer of a tensor.
    package enum Initialization: Sendable, Hashable {
        /// Truncated normal with this standard deviation.
        case truncatedNormal(standardDeviation: Double)
        /// All elements equal.
        case constant(Float)
        /// Each element as given.
        case values([Float])
    }

    /// One tensor.
    package struct Entry: Sendable, Hashable {
        /// The reference's name, without `model.inner.`.
        package let name: String
        /// Extents, outermost first.
        package let shape: [Int]
        /// The index of its first element in the flat array; −1 for a buffer, which has separate
        /// memory.
        package let offset: Int
        /// The initializer.
        package let initialization: Initialization

        /// The number of elements.
        package var count: Int { shape.reduce(1, *) }
    }

    /// The tensors trained by the main optimizer, in the reference's order.
    package private(set) var entries: [Entry] = []
    /// The initial states (not trained) and the puzzle embedding (trained by a separate optimizer).
    package private(set) var buffers: [Entry] = []
    /// The number of elements of the flat array; tensors are aligned to 16 elements, so it may
    /// exceed their sum.
    package private(set) var flatCount = 0

    /// Creates the layout of a model.
    package init(configuration: HRMConfiguration, dimensions: PuzzleDimensions) {
        let readsCandidates = configuration.readsCandidates
        let width = readsCandidates ? configuration.symbolSize : configuration.hiddenSize
        let embeddingStd = 1 / Double(width).squareRoot()
        let states = configuration.family == .transformer ? ["H_init"] : ["H_init", "L_init"]
        buffers = states.map {
            Entry(
                name: $0, shape: [width], offset: -1,
                initialization: .truncatedNormal(standardDeviation: 1))
        }
        if readsCandidates {
            append(
                "embed_candidates.embedding_weight", [CandidateStatus.count, width], embeddingStd)
            append("candidate_head.weight", [CandidateOutput.count, width])
            append(
                "candidate_head.bias", [CandidateOutput.count],
                initialization: .values(CandidateOutput.initialBias))
        } else {
            append(
                "embed_tokens.embedding_weight", [dimensions.vocabularySize, width], embeddingStd)
            append("lm_head.weight", [dimensions.vocabularySize, width])
            // Initially the Q head predicts with high confidence that nothing is solved, so that
            // early targets are stable.
            append("q_head.weight", [2, width], initialization: .constant(0))
            append("q_head.bias", [2], initialization: .constant(-5))
        }
        if configuration.puzzleEmbeddingSize > 0 {
            buffers.append(
                Entry(
                    name: "puzzle_emb.weights",
                    shape: [dimensions.puzzleIdentifierCount, configuration.puzzleEmbeddingSize],
                    offset: -1, initialization: .constant(0)))
        }
        let positions = configuration.prefixLength + dimensions.sequenceLength
        if configuration.positionEncoding == .learned {
            append("embed_pos.embedding_weight", [positions, width], embeddingStd)
        }
        for stack in configuration.stacks {
            for layer in 0..<stack.layers {
                appendBlock(
                    "\(stack.name).layers.\(layer).", configuration, positions: positions)
            }
        }
    }

    private mutating func appendBlock(
        _ prefix: String, _ configuration: HRMConfiguration, positions: Int
    ) {
        let inner = configuration.innerSize
        func appendOutput(_ name: String, _ shape: [Int]) {
            if configuration.zeroInitializesOutputs {
                append(prefix + name, shape, initialization: .constant(0))
            } else {
                append(prefix + name, shape)
            }
        }
        for tensor in configuration.mixer(positions: positions)?.tensors ?? [] {
            if tensor.isOutput {
                appendOutput(tensor.name, tensor.shape)
            } else {
                append(prefix + tensor.name, tensor.shape)
            }
        }
        append(prefix + "mlp.gate_up_proj.weight", [2 * inner, configuration.pooledSize])
        appendOutput("mlp.down_proj.weight", [configuration.symbolSize, inner])
    }

    /// The number of trained values, without padding, puzzle embedding and initial states.
    package var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }

    /// Returns the tensor with a name.
    ///
    /// - Precondition: The tensor exists.
    package func entry(_ name: String) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            preconditionFailure("no parameter is named '\(name)'")
        }
        return entry
    }

    private mutating func append(_ name: String, _ shape: [Int], _ std: Double? = nil) {
        let deviation = std ?? 1 / Double(shape[1]).squareRoot()
        append(
            name, shape, initialization: .truncatedNormal(standardDeviation: deviation))
    }

    private mutating func append(_ name: String, _ shape: [Int], initialization: Initialization) {
        let entry = Entry(
            name: name, shape: shape, offset: flatCount, initialization: initialization)
        entries.append(entry)
        flatCount += (entry.count + 15) / 16 * 16
    }
}
