package import HRMModel

/// The puzzles of a batch between two segments: for each slot its tokens, its number of segments,
/// and a flag for taking a new puzzle next.
///
/// The states `z_H` and `z_L` of the slots belong to the `Engine`.
package struct Carry: Sendable, Equatable {
    /// The number of segments completed for each slot's puzzle.
    package internal(set) var steps: [Int]
    /// Slots that take a new puzzle in the next step.
    package internal(set) var halted: [Bool]
    /// The current puzzle of each slot.
    package internal(set) var current: TokenBatch
    /// The dimensions of the puzzles.
    package let dimensions: PuzzleDimensions
    /// The number of symbols whose candidates are the inputs; 0 if those are tokens.
    package let candidateSymbols: Int

    /// Creates a carry in which every slot is free.
    package init(slotCount: Int, dimensions: PuzzleDimensions, candidateSymbols: Int = 0) {
        self.dimensions = dimensions
        self.candidateSymbols = candidateSymbols
        steps = Array(repeating: 0, count: slotCount)
        halted = Array(repeating: true, count: slotCount)
        let cells = slotCount * dimensions.sequenceLength
        current = TokenBatch(
            inputs: Array(repeating: 0, count: cells),
            labels: Array(repeating: TokenLoss.ignoredLabel, count: cells),
            puzzleIdentifiers: Array(repeating: 0, count: slotCount))
    }

    private init(
        steps: [Int], halted: [Bool], current: TokenBatch, dimensions: PuzzleDimensions,
        candidateSymbols: Int
    ) {
        self.steps = steps
        self.halted = halted
        self.current = current
        self.dimensions = dimensions
        self.candidateSymbols = candidateSymbols
    }

    /// The number of slots.
    package var slotCount: Int { steps.count }

    /// Returns the indices of a slot's cells in ``current``.
    package func cells(of slot: Int) -> Range<Int> {
        (slot * dimensions.sequenceLength)..<((slot + 1) * dimensions.sequenceLength)
    }
}

// MARK: - Puzzles

extension Carry {
    /// Gives each halted slot the corresponding row of a new batch; the other slots keep their
    /// puzzles.
    ///
    /// - Parameter batch: As many puzzles as there are slots.
    /// - Returns: The slots with a new puzzle, whose states the engine must begin.
    /// - Precondition: The batch has the carry's size and the model's sequence length; its tokens
    ///   and identifiers are in range.
    package mutating func refill(from batch: TokenBatch) -> [Int] {
        batch.require(
            size: slotCount, dimensions: dimensions, candidateSymbols: candidateSymbols)
        let fresh = halted.indices.filter { halted[$0] }
        for slot in fresh {
            let cells = cells(of: slot)
            current.inputs.replaceSubrange(cells, with: batch.inputs[cells])
            current.labels.replaceSubrange(cells, with: batch.labels[cells])
            current.puzzleIdentifiers[slot] = batch.puzzleIdentifiers[slot]
            steps[slot] = 0
            halted[slot] = false
        }
        return fresh
    }

    /// Puts a puzzle into a slot, with a segment count of 0.
    ///
    /// - Parameters:
    ///   - slot: The slot; its content is replaced.
    ///   - inputs: The puzzle, `[S]`.
    ///   - labels: Its answer, `[S]`; nil if unknown.
    ///   - identifier: The row of the puzzle embedding.
    /// - Precondition: Tokens and identifier are in range.
    package mutating func begin(
        _ slot: Int, inputs: [Int32], labels: [Int32]? = nil, identifier: Int32
    ) {
        let puzzle = TokenBatch(
            inputs: inputs,
            labels: labels ?? Array(repeating: TokenLoss.ignoredLabel, count: inputs.count),
            puzzleIdentifiers: [identifier])
        puzzle.require(size: 1, dimensions: dimensions, candidateSymbols: candidateSymbols)
        let cells = cells(of: slot)
        current.inputs.replaceSubrange(cells, with: puzzle.inputs)
        current.labels.replaceSubrange(cells, with: puzzle.labels)
        current.puzzleIdentifiers[slot] = identifier
        steps[slot] = 0
        halted[slot] = false
    }

    /// Sets the number of segments completed for a slot's puzzle.
    package mutating func setSteps(_ count: Int, of slot: Int) { steps[slot] = count }

    /// Permutes the cells of a slot's puzzle.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - sources: The old cell of each new one, `[S]`.
    /// - Precondition: `sources` is a permutation of the cells.
    package mutating func rearrange(_ slot: Int, sources: [Int]) {
        let length = dimensions.sequenceLength
        precondition(sources.count == length, "\(sources.count) sources for \(length) cells")
        let first = slot * length
        let (inputs, labels) = (current.inputs, current.labels)
        for (cell, source) in sources.enumerated() {
            current.inputs[first + cell] = inputs[first + source]
            current.labels[first + cell] = labels[first + source]
        }
    }

    /// Moves a puzzle to another slot, whose content is replaced.
    package mutating func move(from source: Int, to target: Int) {
        let (old, new) = (cells(of: source), cells(of: target))
        current.inputs.replaceSubrange(new, with: Array(current.inputs[old]))
        current.labels.replaceSubrange(new, with: Array(current.labels[old]))
        current.puzzleIdentifiers[target] = current.puzzleIdentifiers[source]
        steps[target] = steps[source]
        halted[target] = halted[source]
    }

    /// Restores the puzzles of an earlier carry.
    ///
    /// - Parameters:
    ///   - steps: The number of segments of each slot's puzzle.
    ///   - halted: The slots that take a new puzzle in the next step.
    ///   - current: The puzzles.
    ///   - maxSteps: The maximum number of segments per puzzle.
    /// - Returns: True if they fit; otherwise nothing changes.
    package mutating func restore(
        steps: [Int], halted: [Bool], current: TokenBatch, maxSteps: Int
    ) -> Bool {
        guard steps.count == slotCount, halted.count == slotCount,
            steps.allSatisfy({ $0 >= 0 && $0 <= maxSteps }),
            current.fault(
                size: slotCount, dimensions: dimensions, candidateSymbols: candidateSymbols)
                == nil
        else { return false }
        self.steps = steps
        self.halted = halted
        self.current = current
        return true
    }
}

// MARK: - Steps

extension Carry {
    /// Records the results of a segment.
    ///
    /// - Parameter outcomes: The results; their rows are slots of this carry.
    package mutating func advance(_ outcomes: [SequenceOutcome]) {
        for outcome in outcomes {
            steps[outcome.row] = outcome.steps
            halted[outcome.row] = outcome.hasHalted
        }
    }

    /// Replaces a slot's input, and keeps its segment count.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - inputs: `[S]`, in range.
    package mutating func replaceInputs(of slot: Int, with inputs: [Int32]) {
        precondition(
            inputs.count == dimensions.sequenceLength,
            "\(inputs.count) inputs for \(dimensions.sequenceLength) cells")
        current.inputs.replaceSubrange(cells(of: slot), with: inputs)
    }

    /// Marks slots as free or in use.
    ///
    /// - Parameter halted: One flag for each slot.
    package mutating func setHalted(_ halted: [Bool]) {
        precondition(halted.count == slotCount, "\(halted.count) flags for \(slotCount) slots")
        self.halted = halted
    }

    /// Sets the segment counts of the slots to values evenly distributed over `0 ..< maxSteps`, so
    /// that they do not all end at the same time.
    package mutating func stagger(maxSteps: Int) {
        for slot in 0..<slotCount { steps[slot] = slot * maxSteps / slotCount }
    }

    /// Returns some of the slots as a separate carry.
    package func slots(_ range: Range<Int>) -> Carry {
        let length = dimensions.sequenceLength
        let cells = (range.lowerBound * length)..<(range.upperBound * length)
        return Carry(
            steps: Array(steps[range]), halted: Array(halted[range]),
            current: TokenBatch(
                inputs: Array(current.inputs[cells]), labels: Array(current.labels[cells]),
                puzzleIdentifiers: Array(current.puzzleIdentifiers[range])),
            dimensions: dimensions, candidateSymbols: candidateSymbols)
    }

    /// Writes back slots that were taken out by ``slots(_:)``.
    ///
    /// - Precondition: `part` has as many slots as the range.
    package mutating func put(_ part: Carry, at range: Range<Int>) {
        precondition(
            part.slotCount == range.count, "\(part.slotCount) slots at \(range) of \(slotCount)")
        let length = dimensions.sequenceLength
        let cells = (range.lowerBound * length)..<(range.upperBound * length)
        steps.replaceSubrange(range, with: part.steps)
        halted.replaceSubrange(range, with: part.halted)
        current.inputs.replaceSubrange(cells, with: part.current.inputs)
        current.labels.replaceSubrange(cells, with: part.current.labels)
        current.puzzleIdentifiers.replaceSubrange(range, with: part.current.puzzleIdentifiers)
    }
}
