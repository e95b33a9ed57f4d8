import HRMTensor
import Testing

@testable import HRMModel

@Suite struct SearchPolicyTests {
    /// Outputs of two cells with three symbols: choice, keep and conflict of each.
    private static let outputs: [Float] = [
        0, 4, 0, 1, -4, 0, 2, 0, 0,
        9, -4, 0, 1, -4, 0, 2, -4, 0,
    ]

    private static func sets(_ cells: [Int32]) -> CandidateSets {
        CandidateSets(symbols: 3, firstToken: 2, cells: cells)
    }

    @Test func aPuzzleBecomesCandidates() {
        let sets = CandidateSets(of: [1, 2, 4, 0], symbols: 3, vocabularySize: 5)
        #expect(sets.cells == [7, 1, 4, 7])
        #expect(!sets.isComplete && !sets.hasEmptyCell && sets.openCount == 6)
        #expect(sets.tokens(of: [1, 2, 4, 0]) == [1, 2, 4, 0])
        #expect(sets.contain([3, 2, 4, TokenLoss.ignoredLabel]))
        #expect(!sets.contain([3, 3, 4, 2]))
        #expect(!sets.contain([1, 2, 4, 2]))
        #expect(Self.sets([1, 4]).tokens(of: [1, 1]) == [2, 4])
        #expect(CandidateSets.all(30) == 0x3FFF_FFFF)
    }

    /// Only candidates of cells with several are struck, and a cell can lose all of them.
    @Test func whatIsSureIsStruck() {
        var sets = Self.sets([7, 2])
        let count = Self.outputs.span.extracting(0..<18)
        #expect(SearchPolicy().strike(&sets, outputs: count) == 1)
        #expect(sets.cells == [5, 2])
        var others = Self.sets([5, 7])
        #expect(SearchPolicy().strike(&others, outputs: Self.outputs.span) == 3)
        #expect(others.cells == [5, 0] && others.hasEmptyCell)
    }

    @Test(arguments: PinnedCell.allCases)
    func oneOpenCellIsPinned(cell: PinnedCell) throws {
        var policy = SearchPolicy()
        policy.cell = cell
        if cell == .surest { policy.temperature = 0 }
        var generator = SeededGenerator(seed: 3)
        let start: [Int32] = [5, 7]
        for _ in 0..<20 {
            var sets = Self.sets(start)
            let pin = try #require(
                policy.pin(&sets, outputs: Self.outputs.span, using: &generator))
            #expect(sets.cells[pin.cell] == 1 << Int32(pin.symbol))
            #expect(start[pin.cell] & sets.cells[pin.cell] != 0)
            #expect(sets.cells[1 - pin.cell] == start[1 - pin.cell])
            if cell == .fewest { #expect(pin.cell == 0) }
            if cell == .surest { #expect(sets.cells == [5, 1]) }
        }
        var complete = Self.sets([1, 2])
        #expect(policy.pin(&complete, outputs: Self.outputs.span, using: &generator) == nil)
    }

    /// With temperature 1, a symbol is drawn about as often as its softmax says.
    @Test func symbolsAreDrawnByTheirProbability() throws {
        var policy = SearchPolicy()
        policy.temperature = 1
        var generator = SeededGenerator(seed: 4)
        var counts = [0, 0, 0]
        for _ in 0..<4000 {
            var sets = Self.sets([7, 1])
            let pin = try #require(
                policy.pin(&sets, outputs: Self.outputs.span, using: &generator))
            counts[pin.symbol] += 1
        }
        // Softmax of 0, 1, 2: 0.090, 0.245, 0.665; five standard deviations are below 0.04.
        for (count, share) in zip(counts, [0.090, 0.245, 0.665]) {
            #expect(abs(Double(count) / 4000 - share) < 0.04)
        }
    }
}
