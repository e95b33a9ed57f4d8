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
