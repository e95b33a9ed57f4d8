/// The choice of the next token from logits.
///
/// The repetition penalty is applied first, then temperature, top-k and top-p.
public struct SamplingOptions: Sendable, Hashable {
    /// The method of drawing a token; both draw from the same distribution.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// One random number for each token: its place in the cumulative probabilities.
        case softmax
        /// Gumbel noise on each logit, and the largest sum, as the original draws.
        case gumbel
    }

    /// Temperatures below this one mean the largest logit, as in the original.
    public static let greedyLimit = 1e-5

    /// The divisor of logits; 0 takes the largest logit.
    public var temperature: Double
    /// The number of tokens with the largest logits that can be drawn; nil for all.
    public var topK: Int?
    /// The probability that the drawn tokens cover together, from the most likely on; nil for 1.
    public var topP: Double?
    /// The divisor of positive logits, and factor of negative ones, for tokens of the prompt and
    /// the answer so far; 1 has no effect.
    public var repetitionPenalty: Double
    /// The method of drawing.
    public var method: Method
    /// The seed of this answer's random numbers.
    public var seed: UInt64

    /// Creates options; by default the most likely token is taken.
    ///
    /// - Parameters:
    ///   - temperature: The divisor of logits.
    ///   - topK: The number of tokens that can be drawn.
    ///   - topP: The probability that these tokens cover.
    ///   - repetitionPenalty: The penalty of repeated tokens.
    ///   - method: The method of drawing.
    ///   - seed: The seed.
    /// - Throws: ``GenerationError`` for a number outside its range.
    public init(
        temperature: Double = 0, topK: Int? = nil, topP: Double? = nil,
        repetitionPenalty: Double = 1, method: Method = .softmax, seed: UInt64 = 0
    ) throws(GenerationError) {
        guard temperature >= 0, temperature <= 1000 else {
            throw .setting(
                name: "the temperature", value: "\(temperature)", range: "a number from 0 to 1000")
        }
        if let topK, topK < 1 {
            throw .setting(name: "top-k", value: "\(topK)", range: "a number from 1")
        }
        if let topP, !(topP > 0 && topP <= 1) {
            throw .setting(
                name: "top-p", value: "\(topP)", range: "a number above 0 and at most 1")
        }
        guard repetitionPenalty > 0, repetitionPenalty <= 1000 else {
            throw .setting(
                name: "the repetition penalty", value: "\(repetitionPenalty)",
                range: "a number above 0 and at most 1000")
        }
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.repetitionPenalty = repetitionPenalty
        self.method = method
        self.seed = seed
    }

    private init() {
        (temperature, repetitionPenalty, method, seed) = (0, 1, .softmax, 0)
    }

    /// The most likely token each time.
    public static let greedy = SamplingOptions()
}
