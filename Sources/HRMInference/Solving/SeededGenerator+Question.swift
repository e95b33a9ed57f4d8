import HRMTensor

extension SeededGenerator {
    /// Creates the random numbers for one purpose in solving one puzzle.
    ///
    /// They depend only on the puzzle, the seed and the purpose, not on the puzzle's position or
    /// the caller.
    ///
    /// - Parameters:
    ///   - question: The puzzle, that is, its tokens and its identifier.
    ///   - seed: The plan's seed.
    ///   - purpose: A number that identifies the purpose.
    init(solving question: PuzzleStream.Question, seed: UInt64, purpose: UInt64) {
        // A step of the generator is a bijection that mixes all bits, so every token affects the
        // result according to its position.
        var mixed = SeededGenerator(seed: seed).state
        for value in [question.identifier] + question.tokens {
            var step = SeededGenerator(seed: mixed ^ UInt64(UInt32(bitPattern: value)))
            mixed = step.next()
        }
        self.init(seed: mixed, stream: purpose)
    }
}
