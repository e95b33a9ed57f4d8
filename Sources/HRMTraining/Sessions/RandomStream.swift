/// The purposes of random numbers in a run, each with a separate stream.
package enum RandomStream {
    /// Initial weights.
    package static let weights: UInt64 = 1
    /// The order of training examples.
    package static let batches: UInt64 = 2
    /// Exploration of halting.
    package static let exploration: UInt64 = 3
    /// Generated puzzles and their augmentation.
    package static let puzzles: UInt64 = 4

    /// Noise in the initial states of puzzles that start in a step; steps are counted from 1.
    package static func startingStates(step: Int) -> UInt64 { UInt64(step) << 32 | 5 }

    /// Random images of puzzles in a step; steps are counted from 1.
    package static func augmentation(step: Int) -> UInt64 { UInt64(step) << 32 | 6 }

    /// Pins of the search in a step; steps are counted from 1.
    package static func pins(step: Int) -> UInt64 { UInt64(step) << 32 | 7 }

    /// Hints of the puzzles that start in a step; steps are counted from 1.
    package static func hints(step: Int) -> UInt64 { UInt64(step) << 32 | 8 }

    /// Augmentation of one of many tasks, counted from 0; tasks can be processed in any order.
    package static func task(_ index: Int) -> UInt64 { UInt64(index + 1) << 32 | puzzles }
}
