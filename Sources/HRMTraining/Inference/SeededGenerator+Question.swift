import HRMTensor

extension SeededGenerator {
    /// Random numbers for one purpose of solving one puzzle.
    ///
    /// They are a function of the puzzle, the seed and the purpose alone: a puzzle has the same ones
    /// wherever it stands among others, and whoever asks.
    ///
    /// - Parameters:
    ///   - question: The puzzle; its tokens and its identifier count.
    ///   - seed: The plan's seed.
    ///   - purpose: A number that names the purpose.
    init(solving question: PuzzleStream.Question, seed: UInt64, purpose: UInt64) {
        // A step of the generator maps states to numbers one to one and mixes all bits, so every
        // token of the chain matters at its place.
        var mixed = SeededGenerator(seed: seed).state
        for value in [question.identifier] + question.tokens {
            var step = SeededGenerator(seed: mixed ^ UInt64(UInt32(bitPattern: value)))
            mixed = step.next()
        }
        self.init(seed: mixed, stream: purpose)
    }
}
