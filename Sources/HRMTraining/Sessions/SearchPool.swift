import HRMEngine
import HRMModel
import HRMTensor

/// The states of a training that searches: between two segments, the policy changes the state of
/// each slot, or frees the slot for a new puzzle.
///
/// The states themselves are the inputs of the carry. The model learns from the states that its own
/// policy reaches; the labels only tell contradictions and the ends of searches.
package struct SearchPool: Sendable, Equatable {
    /// The number of segments for which each slot's state has not changed.
    package internal(set) var idle: [Int]
    /// The number of segments that each slot has spent in a contradiction.
    package internal(set) var lost: [Int]

    /// Creates the counts of a number of slots.
    package init(slotCount: Int) {
        idle = Array(repeating: 0, count: slotCount)
        lost = Array(repeating: 0, count: slotCount)
    }

    /// Restores the counts of an earlier pool.
    ///
    /// - Returns: True if they fit; otherwise nothing changes.
    mutating func restore(idle: [Int], lost: [Int], maxSteps: Int) -> Bool {
        let counts = 0...maxSteps
        guard idle.count == self.idle.count, lost.count == self.lost.count,
            (idle + lost).allSatisfy(counts.contains)
        else { return false }
        self.idle = idle
        self.lost = lost
        return true
    }

    /// Changes the states of the slots that learned in a step.
    ///
    /// - Parameters:
    ///   - carry: The slots of the step.
    ///   - place: Their numbers among all slots.
    ///   - outcomes: The results of the step; slots whose search has ended are marked as halted.
    ///   - engine: The engine, for the outputs of the step.
    ///   - settings: The policy.
    ///   - generator: Draws the pins.
    mutating func advance(
        _ carry: inout Carry, at place: Range<Int>, outcomes: inout [SequenceOutcome],
        engine: any Engine, settings: SearchSettings, using generator: inout SeededGenerator
    ) {
        let dimensions = carry.dimensions
        let symbols = carry.candidateSymbols
        var halted = carry.halted
        for index in outcomes.indices {
            let row = outcomes[index].row
            let slot = place.lowerBound + row
            if outcomes[index].steps <= 1 { (idle[slot], lost[slot]) = (0, 0) }
            let cells = carry.cells(of: row)
            var sets = CandidateSets(
                symbols: symbols, firstToken: Int32(dimensions.vocabularySize - symbols),
                cells: Array(carry.current.inputs[cells]))
            let isLost = !sets.contain(carry.current.labels[cells])
            if isLost { lost[slot] += 1 }
            let isRecognized =
                isLost
                && (outcomes[index].qHalt < 0 || lost[slot] > settings.lostSegments)
            if sets.isComplete || sets.hasEmptyCell || isRecognized {
                outcomes[index].hasHalted = true
            }
            halted[row] = outcomes[index].hasHalted
            guard !halted[row] else { continue }
            let hasChanged = engine.withLogits(of: row) { outputs in
                idle[slot] += 1
                guard idle[slot] >= engine.configuration.searchThoughts else { return false }
                if settings.policy.strike(&sets, outputs: outputs) > 0 { return true }
                return idle[slot] >= settings.policy.patience
                    && settings.policy.pin(&sets, outputs: outputs, using: &generator) != nil
            }
            guard hasChanged else { continue }
            idle[slot] = 0
            carry.replaceInputs(of: row, with: sets.cells)
        }
        carry.setHalted(halted)
    }
}
