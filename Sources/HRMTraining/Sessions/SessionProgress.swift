/// The state of a session apart from its trainer; part of each checkpoint.
struct SessionProgress: Codable, Sendable, Equatable {
    /// The best evaluation so far.
    struct Best: Codable, Sendable, Equatable {
        /// The step of the evaluation.
        var step: Int
        /// The watched metric.
        var value: Double
        /// The number of puzzles solved exactly, and of all puzzles.
        var solved: Int
        var count: Int
    }

    /// True if the evaluation after the last step is pending.
    var awaitsEvaluation = false
    /// The size in bytes of the `metrics.jsonl` lines of the completed steps.
    var metricsByteCount = 0
    /// The best evaluation; nil before the first.
    var best: Best?
    /// The number of returns to the best checkpoint.
    var restores = 0
    /// The running training accuracy, for early stopping.
    var saturation = EarlyStopping()

    /// True if a session can have this progress; files are untrusted.
    var isPossible: Bool {
        let counts = [metricsByteCount, restores, saturation.count]
        guard counts.allSatisfy(Self.counts.contains) else { return false }
        guard let best else { return true }
        return Self.counts.contains(best.step) && Self.counts.contains(best.count)
            && (0...best.count).contains(best.solved)
    }

    /// The range of plausible counts.
    static let counts = 0...(1 << 53)
}

/// A running mean of the training accuracy, for early stopping.
///
/// Training far beyond saturation is known to destabilize models of small data sets.
struct EarlyStopping: Codable, Sendable, Equatable {
    /// The mean share of exactly solved puzzles among approximately the last ``window`` ones that
    /// halted.
    private(set) var accuracy = 0.0
    /// The number of puzzles seen.
    private(set) var count = 0

    /// The number of puzzles in the mean.
    static let window = 1000

    /// Adds a step.
    ///
    /// - Parameters:
    ///   - solved: The number of puzzles that halted with every cell correct.
    ///   - halted: The number of puzzles that halted.
    mutating func add(solved: Int, of halted: Int) {
        guard halted > 0 else { return }
        count += halted
        // The plain mean until the window is full, then an exponential one.
        let share = min(1, Double(halted) / Double(min(count, Self.window)))
        accuracy += share * (Double(solved) / Double(halted) - accuracy)
    }

    /// Returns whether the mean over a full window has reached a level.
    func hasReached(_ level: Double) -> Bool { count >= Self.window && accuracy >= level }
}
