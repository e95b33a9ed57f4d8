import HRMModel
import HRMTensor
import Testing

@testable import HRMTraining

@Suite struct SearchPoolTests {
    /// Hints are cells of the answer, at most as many as asked for, in about half of the puzzles.
    @Test func hintsComeFromTheAnswer() {
        var settings = SearchSettings()
        settings.hints = 3
        var generator = SeededGenerator(seed: 1)
        let (rows, length) = (200, 8)
        let labels = (0..<(rows * length)).map { Int32($0 % 3 + 2) }
        let inputs = labels.indices.map { $0.isMultiple(of: 4) ? labels[$0] : 1 }
        let batch = TokenBatch(
            inputs: inputs, labels: labels,
            puzzleIdentifiers: Array(repeating: 0, count: rows))
        let hinted = settings.hinted(
            batch, length: length, firstSymbol: 2, using: &generator)
        #expect(hinted.labels == labels)
        let counts = (0..<rows).map { row in
            ((row * length)..<((row + 1) * length)).count { cell in
                #expect([inputs[cell], labels[cell]].contains(hinted.inputs[cell]))
                return hinted.inputs[cell] != inputs[cell]
            }
        }
        #expect(Set(counts) == [0, 1, 2, 3])
        // A fair coin: seven standard deviations.
        #expect((50...150).contains(counts.count { $0 == 0 }))
        settings.hints = 0
        #expect(
            settings.hinted(batch, length: length, firstSymbol: 2, using: &generator) == batch)
    }

    /// Drawn states contain the answer, keep what has no label, and have the requested shares of
    /// givens and candidates.
    @Test func statesAreDrawnAroundTheAnswer() {
        var settings = SearchSettings()
        settings.drawn.share = 0.5
        (settings.drawn.leastGivens, settings.drawn.mostGivens) = (0.25, 0.25)
        (settings.drawn.leastCandidates, settings.drawn.mostCandidates) = (0.5, 0.5)
        var generator = SeededGenerator(seed: 2)
        let (rows, length) = (400, 40)
        // The first cell of each puzzle has no label; no cell is given.
        let labels = (0..<(rows * length)).map { cell in
            cell.isMultiple(of: length) ? TokenLoss.ignoredLabel : Int32(cell % 4 + 2)
        }
        let batch = TokenBatch(
            inputs: Array(repeating: 1, count: labels.count), labels: labels,
            puzzleIdentifiers: Array(repeating: 0, count: rows))
        let starts = settings.starts(
            of: batch, length: length, symbols: 4, vocabularySize: 6, using: &generator)
        let sets = CandidateSets(symbols: 4, firstToken: 2, cells: starts.inputs)
        #expect(sets.contain(labels) && starts.labels == labels)
        var (drawn, single, candidates) = (0, 0, 0)
        for row in 0..<rows {
            let cells = starts.inputs[(row * length)..<((row + 1) * length)]
            #expect(cells.first == 15)
            guard cells.contains(where: { $0 != 15 }) else { continue }
            drawn += 1
            single += cells.dropFirst().count { $0.nonzeroBitCount == 1 }
            candidates += cells.dropFirst().reduce(0) { $0 + $1.nonzeroBitCount }
        }
        // Half of the puzzles: seven standard deviations are 70.
        #expect((130...270).contains(drawn))
        let count = Double(drawn * (length - 1))
        // One quarter is given, and an eighth of the others has lost all three wrong symbols.
        #expect(abs(Double(single) / count - (0.25 + 0.75 / 8)) < 7 * (0.23 / count).squareRoot())
        #expect(abs(Double(candidates) / count - (1 + 0.75 * 1.5)) < 7 * (1.1 / count).squareRoot())
        settings.drawn.share = 0
        let plain = settings.starts(
            of: batch, length: length, symbols: 4, vocabularySize: 6, using: &generator)
        #expect(plain.inputs.allSatisfy { $0 == 15 })
    }

    /// The number of thoughts belongs to the model; files with the earlier key are read.
    @Test func theEarlierKeyOfThoughtsIsRead() throws {
        var configuration = Preset.search.configuration
        try configuration.set("search.thoughts=3")
        #expect(configuration.architecture.searchThoughts == 3)
        try configuration.set("arch.thoughts=2")
        #expect(configuration.architecture.searchThoughts == 2)
    }

    /// Stored counts that do not fit are refused.
    @Test func onlyFittingCountsAreRestored() {
        var pool = SearchPool(slotCount: 2)
        for (idle, lost) in [([0], [0, 0]), ([0, 6], [0, 0]), ([0, -1], [0, 0])] {
            let isRestored = pool.restore(idle: idle, lost: lost, maxSteps: 5)
            #expect(!isRestored)
        }
        #expect(pool == SearchPool(slotCount: 2))
        let isRestored = pool.restore(idle: [1, 2], lost: [5, 0], maxSteps: 5)
        #expect(isRestored)
        #expect(pool.idle == [1, 2] && pool.lost == [5, 0])
    }
}
