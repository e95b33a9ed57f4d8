/// What a session remembers from step to step beside its trainer; a part of each checkpoint.
struct SessionProgress: Codable, Sendable, Equatable {
    /// The best evaluation so far.
    struct Best: Codable, Sendable, Equatable {
        /// The step after which it was made.
        var step: Int
        /// The watched metric.
        var value: Double
        /// Puzzles that were solved exactly, and how many there were.
        var solved: Int
        var count: Int
    }

    /// Whether the step just made is to be evaluated and has not been yet.
    var awaitsEvaluation = false
    /// Bytes of `metrics.jsonl` that belong to the steps made.
    var metricsByteCount = 0
    /// The best evaluation; none before the first.
    var best: Best?
    /// How often the run went back to its best checkpoint.
    var restores = 0
    /// Whether the puzzles of the training set are all but known.
    var saturation = SaturationWatch()

    /// Whether a session can have come so far; a file can say anything.
    var isPossible: Bool {
        let counts = [metricsByteCount, restores, saturation.count]
        guard counts.allSatisfy(Self.counts.contains) else { return false }
        guard let best else { return true }
        return Self.counts.contains(best.step) && Self.counts.contains(best.count)
            && (0...best.count).contains(best.solved)
    }

    /// Numbers that can be counted on without any care.
    static let counts = 0...(1 << 53)
}

/// A running mean of the training accuracy, which says when there is nothing left to learn.
///
/// Training far beyond that point is known to destabilise small data sets' models.
struct SaturationWatch: Codable, Sendable, Equatable {
    /// Mean share of exactly solved puzzles among those that halted, over about the last
    /// ``window`` of them.
    private(set) var accuracy = 0.0
    /// Puzzles seen.
    private(set) var count = 0

    /// Puzzles that the mean is over.
    static let window = 1000

    /// Takes in a step.
    ///
    /// - Parameters:
    ///   - solved: Puzzles that halted with every cell right.
    ///   - halted: Puzzles that halted.
    mutating func add(solved: Int, of halted: Int) {
        guard halted > 0 else { return }
        count += halted
        // The plain mean until the window is full, a fading one from then on.
        let share = min(1, Double(halted) / Double(min(count, Self.window)))
        accuracy += share * (Double(solved) / Double(halted) - accuracy)
    }

    /// Whether the mean has reached a level, over a whole window.
    func hasReached(_ level: Double) -> Bool { count >= Self.window && accuracy >= level }
}
