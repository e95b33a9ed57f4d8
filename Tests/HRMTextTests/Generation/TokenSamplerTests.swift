import HRMTensor
import Testing

@testable import HRMText

@Suite struct TokenSamplerTests {
    private static let logits: [Float] = [0, 2, -1, 2.5, 1, -3]

    private static func draws(
        _ options: SamplingOptions, count: Int, logits: [Float] = logits
    ) throws -> [Int] {
        var sampler = TokenSampler(options, prompt: [])
        var counts = [Int](repeating: 0, count: logits.count)
        for _ in 0..<count { counts[Int(try sampler.next(logits))] += 1 }
        return counts
    }

    @Test func temperatureZeroIsGreedy() throws {
        #expect(try Self.draws(.greedy, count: 5) == [0, 0, 0, 5, 0, 0])
        let cold = try SamplingOptions(temperature: 1e-6)
        #expect(try Self.draws(cold, count: 5) == [0, 0, 0, 5, 0, 0])
        #expect(try Self.draws(.greedy, count: 1, logits: [1, 3, 3]) == [0, 1, 0])
    }

    /// Both methods follow the softmax of the logits.
    @Test(arguments: SamplingOptions.Method.allCases, [0.7, 1.5])
    func drawsFollowTheDistribution(
        method: SamplingOptions.Method, temperature: Double
    ) throws {
        let options = try SamplingOptions(temperature: temperature, method: method, seed: 5)
        let count = 40_000
        let counts = try Self.draws(options, count: count)
        let weights = Self.logits.map { exponential(Double($0) / temperature) }
        let total = weights.reduce(0, +)
        for (drawn, weight) in zip(counts, weights) {
            let share = weight / total
            let deviation = (share * (1 - share) * Double(count)).squareRoot()
            #expect(abs(Double(drawn) - share * Double(count)) < 5 * deviation + 1)
        }
    }

    private func exponential(_ x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for n in 1..<60 {
            term *= x / Double(n)
            sum += term
        }
        return sum
    }

    @Test(arguments: SamplingOptions.Method.allCases)
    func candidatesAreLimited(_ method: SamplingOptions.Method) throws {
        let two = try SamplingOptions(temperature: 1, topK: 2, method: method)
        let counts = try Self.draws(two, count: 1000)
        #expect(counts[1] > 0 && counts[3] > 0 && counts[1] + counts[3] == 1000)
        // exp of 2.5, 2 and 1 have 0.49, 0.30 and 0.11 of all.
        let half = try SamplingOptions(temperature: 1, topP: 0.4, method: method)
        #expect(try Self.draws(half, count: 100)[3] == 100)
        let more = try SamplingOptions(temperature: 1, topP: 0.75, method: method)
        #expect(
            try Self.draws(more, count: 500).map { $0 > 0 } == [
                false, true, false, true, false, false,
            ])
        let all = try SamplingOptions(temperature: 100, topP: 1, method: method)
        #expect(try Self.draws(all, count: 1000).allSatisfy { $0 > 0 })
    }

    @Test func repeatedTokensAreDivided() throws {
        let options = try SamplingOptions(repetitionPenalty: 2)
        var sampler = TokenSampler(options, prompt: [0, 99])
        // 3.0 / 2 < 2.0, then 2.0 / 2 < 1.5, then all are repeated.
        #expect(try sampler.next([3, 2, -1]) == 1)
        #expect(try sampler.next([3, 2, -1]) == 0)
        var negative = TokenSampler(options, prompt: [0])
        #expect(try negative.next([-1, -1.5]) == 1)
    }

    @Test func equalSeedsGiveEqualTokens() throws {
        let logits = (0..<500).map { Float($0 % 7) }
        func tokens(_ seed: UInt64, _ method: SamplingOptions.Method) throws -> [Int32] {
            var sampler = TokenSampler(
                try SamplingOptions(temperature: 1, method: method, seed: seed), prompt: [])
            return try (0..<20).map { _ in try sampler.next(logits) }
        }
        for method in SamplingOptions.Method.allCases {
            #expect(try tokens(1, method) == tokens(1, method))
            #expect(try tokens(1, method) != tokens(2, method))
        }
    }

    @Test func invalidNumbersAreRefused() throws {
        #expect(throws: GenerationError.self) { try SamplingOptions(temperature: -1) }
        #expect(throws: GenerationError.self) { try SamplingOptions(temperature: .nan) }
        #expect(throws: GenerationError.self) { try SamplingOptions(topK: 0) }
        #expect(throws: GenerationError.self) { try SamplingOptions(topP: 0) }
        #expect(throws: GenerationError.self) { try SamplingOptions(topP: 1.1) }
        #expect(throws: GenerationError.self) { try SamplingOptions(repetitionPenalty: 0) }
        for logits in [[Float.nan, 1], [1, .nan], [.infinity, 0], []] as [[Float]] {
            var sampler = TokenSampler(.greedy, prompt: [])
            #expect(throws: GenerationError.notFinite) { try sampler.next(logits) }
        }
        var sampler = TokenSampler(.greedy, prompt: [])
        let token = try sampler.next([-.infinity, 0])
        #expect(token == 1)
    }
}
