/// The counted tokens of a loss, and the tokens that prompts see.
package enum TextObjective: String, Sendable, Hashable, Codable, CaseIterable {
    /// The loss of the answer; the prompt's tokens see each other in both directions.
    case prefix
    /// The loss of the answer; all tokens see those before them.
    case causal
    /// The loss of all tokens, which see those before them.
    case all
}

/// The number format of the passes of a training.
package enum TextTrainingPrecision: String, Sendable, Hashable, Codable, CaseIterable {
    /// float32.
    case float32
    /// bfloat16, which is refused: see ``TextTrainingSettings/validate()``.
    case bfloat16
}

/// The settings of the training of a small text model.
package struct TextTrainingSettings: Sendable, Hashable, Codable {
    /// The channels of the states, C.
    package var hiddenSize = 128
    /// The inner channels of the SwiGLU, F.
    package var innerSize = 384
    /// The attention's heads, A.
    package var headCount = 4
    /// The channels of a head, D.
    package var headSize = 32
    /// The blocks of each stack, n.
    package var layersPerStack = 1
    /// The slow updates, H.
    package var highCycles = 2
    /// The fast updates for each slow one, L; 0 for a plain transformer.
    package var lowCycles = 3
    /// The largest number of tokens of an example.
    package var context = 256
    /// The loss.
    package var objective = TextObjective.prefix
    /// The examples of a step.
    package var batchSize = 64
    /// The steps of the training; ignored with a budget.
    package var steps = 1000
    /// The floating-point operations of the training; nil to count steps.
    package var budget: Double?
    /// The largest learning rate.
    package var learningRate = 2e-3
    /// The first steps, in which the learning rate rises linearly.
    package var warmupSteps = 50
    /// The share of the learning rate that is left at the end of its cosine.
    package var finalShare = 0.1
    /// Decoupled weight decay, as a fraction of the learning rate.
    package var weightDecay = 0.1
    /// The share of the old average of the weights that a step keeps.
    package var averageDecay = 0.99
    /// The stack passes with gradient, b.
    package var gradientSteps = 5
    /// True to begin with 2 passes with gradient and to reach ``gradientSteps`` in the first 20 % of
    /// the training.
    package var warmsUpGradient = true
    /// The number format of the passes.
    package var precision = TextTrainingPrecision.float32
    /// The seed of weights and order.
    package var seed: UInt64 = 0

    /// Creates the standard settings.
    package init() {}

    /// Makes the model a plain transformer of the same number of parameters: the blocks of both
    /// stacks in one stack, which is passed once.
    package mutating func becomeTransformer() {
        if lowCycles > 0 { layersPerStack *= 2 }
        highCycles = 1
        lowCycles = 0
    }

    /// True without loops.
    package var isTransformer: Bool { highCycles == 1 && lowCycles == 0 }

    /// Throws ``TextTrainingError/setting(name:value:range:)`` for a value outside its range.
    package func validate() throws(TextTrainingError) {
        let whole: [(String, Int, ClosedRange<Int>)] = [
            ("the hidden size", hiddenSize, 2...65_536),
            ("the inner size", innerSize, 1...262_144),
            ("the number of heads", headCount, 1...1024),
            ("the head size", headSize, 2...1024),
            ("the number of blocks", layersPerStack, 1...256),
            ("the number of slow cycles", highCycles, 1...64),
            ("the number of fast cycles", lowCycles, 0...64),
            ("the context", context, 2...65_536), ("the batch size", batchSize, 1...65_536),
            ("the number of steps", steps, 1...1_000_000_000),
            ("the number of warm-up steps", warmupSteps, 0...1_000_000_000),
            ("the number of passes with gradient", gradientSteps, 2...10_000),
        ]
        for (name, value, range) in whole where !range.contains(value) {
            throw .setting(
                name: name, value: "\(value)",
                range: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        let numbers: [(String, Double, ClosedRange<Double>)] = [
            ("the learning rate", learningRate, 0...1), ("the final share", finalShare, 0...1),
            ("the weight decay", weightDecay, 0...10),
            ("the decay of the average", averageDecay, 0...1),
            ("the budget", budget ?? 1, 1...1e24),
        ]
        for (name, value, range) in numbers where !range.contains(value) {
            throw .setting(
                name: name, value: "\(value)",
                range: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        guard precision == .float32 else {
            throw .setting(
                name: "the precision of the training", value: precision.rawValue,
                range: "float32: tapes and gradients of text models have no bfloat16 form; a "
                    + "trained model can be run in bfloat16")
        }
        guard hiddenSize.isMultiple(of: headCount) else {
            throw .setting(
                name: "the hidden size", value: "\(hiddenSize)",
                range: "a multiple of the number of heads, \(headCount)")
        }
        guard headSize.isMultiple(of: 2) else {
            throw .setting(
                name: "the head size", value: "\(headSize)", range: "an even number")
        }
    }

    /// Returns the configuration of the model.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer, which determines the vocabulary and the control tokens.
    ///   - format: The tokens around prompts.
    /// - Returns: The extents and constants.
    package func configuration(
        tokenizer: Tokenizer, format: PromptFormat
    ) -> TextConfiguration {
        let root = Float(hiddenSize).squareRoot()
        return TextConfiguration(
            vocabularySize: tokenizer.vocabularySize, hiddenSize: hiddenSize,
            innerSize: innerSize, headCount: headCount, headSize: headSize,
            layersPerStack: layersPerStack, highCycles: highCycles, lowCycles: lowCycles,
            embeddingScale: root, initializerRange: 1 / root, normEpsilon: 1e-6,
            rotaryBase: 10_000, hasPrefixAttention: objective == .prefix, hasTiedHead: false,
            hasAttentionBias: false, hasInnerBias: false, lowCyclesWithGradient: [],
            contextLength: context, paddingToken: tokenizer.specialToken("<|endoftext|>"),
            beginToken: format.start, endTokens: format.answerEnd.map { [$0] } ?? [])
    }
}
