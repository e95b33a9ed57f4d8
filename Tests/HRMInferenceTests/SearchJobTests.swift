import HRMModel
import HRMTensor
import Testing

@testable import HRMInference

@Suite struct SearchJobTests {
    /// A search of two cells with two symbols, tokens 2 and 3.
    private static func job(_ options: SearchOptions) -> SearchJob {
        SearchJob(
            [1, 1], options: options, symbols: 2, vocabularySize: 4,
            generator: SeededGenerator(seed: 1))
    }

    private static func options(_ response: ContradictionResponse) -> SearchOptions {
        var options = SearchOptions()
        options.policy.patience = 1
        options.policy.temperature = 0
        options.policy.cell = .surest
        options.onContradiction = response
        return options
    }

    /// Outputs of which the choices prefer symbol 1 of cell 0; nothing is struck unless given.
    private static func outputs(striking: (cell: Int, symbol: Int)? = nil) -> [Float] {
        var values = [Float](repeating: 0, count: 12)
        values[3 + CandidateOutput.choice] = 5
        if let (cell, symbol) = striking {
            values[(cell * 2 + symbol) * 3 + CandidateOutput.keep] = -9
        }
        return values
    }

    @Test func strikesPinsAndAnswers() {
        var job = Self.job(Self.options(.restart))
        #expect(
            job.take(Self.outputs(striking: (1, 1)).span, consistency: 3) == .strikes(count: 1))
        #expect(job.sets.cells == [3, 1] && job.tokens == [1, 2])
        #expect(job.take(Self.outputs().span, consistency: 3) == .pin(cell: 0, token: 3))
        #expect(job.tokens == [3, 2])
        #expect(job.take(Self.outputs().span, consistency: 3) == .check)
        #expect(job.take(Self.outputs().span, consistency: 3) == .answer)
    }

    /// A complete state that does not pass the check is a contradiction, and the next one is
    /// checked again.
    @Test func answersAreChecked() {
        var job = Self.job(Self.options(.refute))
        #expect(
            job.take(Self.outputs(striking: (1, 1)).span, consistency: 3) == .strikes(count: 1))
        #expect(job.take(Self.outputs().span, consistency: 3) == .pin(cell: 0, token: 3))
        #expect(job.take(Self.outputs().span, consistency: 3) == .check)
        #expect(
            job.take(Self.outputs().span, consistency: -1) == .contradiction(pinsTakenBack: 1))
        #expect(job.sets.cells == [1, 1])
        #expect(job.take(Self.outputs().span, consistency: 3) == .check)
        #expect(job.take(Self.outputs().span, consistency: 3) == .answer)
        var unchecked = Self.options(.refute)
        unchecked.checks = 0
        job = Self.job(unchecked)
        _ = job.take(Self.outputs(striking: (1, 1)).span, consistency: 3)
        _ = job.take(Self.outputs().span, consistency: 3)
        #expect(job.take(Self.outputs().span, consistency: 3) == .answer)
    }

    /// A complete state is an answer only if the model finds no contradiction.
    @Test(arguments: [(ContradictionResponse.restart, [Int32(3), 3]), (.refute, [1, 3])])
    func contradictionsTakePinsBack(response: ContradictionResponse, cells: [Int32]) {
        var job = Self.job(Self.options(response))
        #expect(job.take(Self.outputs().span, consistency: 3) == .pin(cell: 0, token: 3))
        #expect(
            job.take(Self.outputs().span, consistency: -1) == .contradiction(pinsTakenBack: 1))
        #expect(job.sets.cells == cells)
    }

    /// A cell without candidates is a contradiction, whatever the model says.
    @Test func emptyCellsAreContradictions() {
        var job = Self.job(Self.options(.restart))
        var outputs = Self.outputs(striking: (0, 0))
        outputs[3 + CandidateOutput.keep] = -9
        #expect(job.take(outputs.span, consistency: 3) == .strikes(count: 2))
        #expect(job.take(outputs.span, consistency: 3) == .contradiction(pinsTakenBack: 0))
        #expect(job.sets.cells == [3, 3])
    }

    /// The segments without a strike are counted up to the patience.
    @Test func pinsWaitForTheirTime() {
        var options = Self.options(.restart)
        options.policy.patience = 3
        var job = Self.job(options)
        for _ in 0..<2 { #expect(job.take(Self.outputs().span, consistency: 3) == .thought) }
        #expect(job.take(Self.outputs().span, consistency: 3) == .pin(cell: 0, token: 3))
    }

    /// A state is thought about before anything is struck.
    @Test func strikesWaitForThoughts() {
        var options = Self.options(.restart)
        options.policy.thoughts = 2
        options.policy.patience = 2
        var job = Self.job(options)
        let outputs = Self.outputs(striking: (1, 1))
        #expect(job.take(outputs.span, consistency: 3) == .thought)
        #expect(job.take(outputs.span, consistency: 3) == .strikes(count: 1))
        #expect(job.take(Self.outputs().span, consistency: 3) == .thought)
        #expect(job.take(Self.outputs().span, consistency: 3) == .pin(cell: 0, token: 3))
    }
}
