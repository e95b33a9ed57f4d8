import HRMTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Draws the tokens of one answer, independently of other answers.
struct TokenSampler {
    private let options: SamplingOptions
    private var generator: SeededGenerator
    /// The tokens of prompt and answer; empty without a repetition penalty.
    private var seen: Set<Int32>

    /// - Parameters:
    ///   - options: The options with the seed.
    ///   - prompt: The tokens before the answer.
    init(_ options: SamplingOptions, prompt: [Int32]) {
        self.options = options
        generator = SeededGenerator(seed: options.seed)
        seen = options.repetitionPenalty == 1 ? [] : Set(prompt)
    }

    /// Returns the next token.
    ///
    /// - Parameter logits: A logit for each token of the vocabulary.
    /// - Returns: The token.
    /// - Throws: ``GenerationError/notFinite`` if no token can be preferred.
    mutating func next(_ logits: [Float]) throws(GenerationError) -> Int32 {
        let logits = penalized(logits)
        guard let best = Self.best(logits), logits[best].isFinite else { throw .notFinite }
        var choice = best
        if options.temperature >= SamplingOptions.greedyLimit {
            let candidates = candidates(logits, best: best)
            choice =
                switch options.method {
                case .softmax: drawn(candidates)
                case .gumbel: drawnWithNoise(candidates)
                }
        }
        if options.repetitionPenalty != 1 { seen.insert(Int32(choice)) }
        return Int32(choice)
    }

    /// Returns the place of the largest logit, the first of equal ones; nil if one is not a number.
    private static func best(_ logits: [Float]) -> Int? {
        guard !logits.isEmpty else { return nil }
        var best = 0
        for place in logits.indices {
            if logits[place].isNaN { return nil }
            if logits[place] > logits[best] { best = place }
        }
        return best
    }

    private func penalized(_ logits: [Float]) -> [Float] {
        guard options.repetitionPenalty != 1 else { return logits }
        let penalty = Float(options.repetitionPenalty)
        var result = logits
        for id in seen where result.indices.contains(Int(id)) {
            let logit = result[Int(id)]
            result[Int(id)] = logit > 0 ? logit / penalty : logit * penalty
        }
        return result
    }

    /// A token that can be drawn.
    private struct Candidate {
        var id: Int
        /// The logit divided by the temperature.
        var score: Double
        /// exp(score − largest score).
        var weight: Double
    }

    private func candidates(_ logits: [Float], best: Int) -> [Candidate] {
        let top = Double(logits[best]) / options.temperature
        var candidates = logits.indices.map { id in
            let score = Double(logits[id]) / options.temperature
            return Candidate(id: id, score: score, weight: exp(score - top))
        }
        guard options.topK != nil || options.topP != nil else { return candidates }
        candidates.sort { ($1.score, $0.id) < ($0.score, $1.id) }
        if let topK = options.topK { candidates = Array(candidates.prefix(topK)) }
        if let topP = options.topP {
            let total = candidates.reduce(0) { $0 + $1.weight }
            var covered = 0.0
            var count = 0
            while count < candidates.count, count == 0 || covered < topP * total {
                covered += candidates[count].weight
                count += 1
            }
            candidates = Array(candidates.prefix(count))
        }
        return candidates
    }

    private mutating func drawn(_ candidates: [Candidate]) -> Int {
        let total = candidates.reduce(0) { $0 + $1.weight }
        var rest = generator.nextUnitDouble() * total
        for candidate in candidates {
            rest -= candidate.weight
            if rest < 0 { return candidate.id }
        }
        // Rounding: the last one that has a probability.
        return candidates.last { $0.weight > 0 }?.id ?? candidates[0].id
    }

    /// argmax(score − log(−log u)) with u in the open interval from 0 to 1.
    private mutating func drawnWithNoise(_ candidates: [Candidate]) -> Int {
        var best = candidates[0].id
        var highest = -Double.infinity
        for candidate in candidates {
            let unit = (Double(generator.next() >> 12) + 0.5) * 0x1p-52
            let sum = candidate.score - log(-log(unit))
            if sum > highest { (best, highest) = (candidate.id, sum) }
        }
        return best
    }
}
