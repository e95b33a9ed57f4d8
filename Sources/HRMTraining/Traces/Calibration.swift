/// How far probabilities that a model states agree with how often it is right.
public struct Calibration: Sendable, Equatable {
    /// Statements of similar probability.
    public struct Bin: Sendable, Equatable {
        /// The least probability that belongs here.
        public var lower: Double
        /// Where the next bin begins; 1 belongs to the last one.
        public var upper: Double
        /// Statements.
        public var count = 0
        /// Σ probability.
        public var confidence = 0.0
        /// Statements that were right.
        public var right = 0

        /// Mean probability; nil without statements.
        public var meanConfidence: Double? { count > 0 ? confidence / Double(count) : nil }
        /// Share of right statements; nil without statements.
        public var accuracy: Double? { count > 0 ? Double(right) / Double(count) : nil }
        /// 95 % interval of ``accuracy``.
        public var accuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: right, of: count)
        }
    }

    /// Bins of equal width from 0 to 1.
    public private(set) var bins: [Bin]
    /// Σ (probability − outcome)².
    private var squares = 0.0

    /// No statements.
    ///
    /// - Parameter binCount: How many bins there are, at least 1.
    public init(binCount: Int = 10) {
        precondition(binCount >= 1, "\(binCount) bins")
        bins = (0..<binCount).map {
            Bin(
                lower: Double($0) / Double(binCount), upper: Double($0 + 1) / Double(binCount))
        }
    }

    /// Adds a statement; one whose probability is not a number counts as none at all.
    ///
    /// - Parameters:
    ///   - confidence: The stated probability, `0 ... 1`.
    ///   - isRight: Whether it came true.
    public mutating func add(confidence: Double, isRight: Bool) {
        guard !confidence.isNaN else { return }
        precondition((0...1).contains(confidence), "a probability of \(confidence)")
        let place = min(Int(confidence * Double(bins.count)), bins.count - 1)
        bins[place].count += 1
        bins[place].confidence += confidence
        bins[place].right += isRight ? 1 : 0
        let error = confidence - (isRight ? 1 : 0)
        squares += error * error
    }

    /// Adds the statements of another one.
    ///
    /// - Precondition: Both have equally many bins.
    public static func += (sum: inout Calibration, other: Calibration) {
        precondition(
            sum.bins.count == other.bins.count,
            "\(sum.bins.count) and \(other.bins.count) bins")
        for (place, bin) in other.bins.enumerated() {
            sum.bins[place].count += bin.count
            sum.bins[place].confidence += bin.confidence
            sum.bins[place].right += bin.right
        }
        sum.squares += other.squares
    }

    /// Statements in all bins.
    public var count: Int { bins.reduce(0) { $0 + $1.count } }

    /// The expected calibration error: `Σ n/N · |accuracy − mean probability|` over the bins
    /// (Naeini et al., 2015; Guo et al., 2017); 0 without statements.
    public var expectedError: Double {
        let total = Double(max(1, count))
        return bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) / total }
    }

    /// The Brier score: mean squared difference of probability and outcome; 0 without statements.
    public var brierScore: Double { squares / Double(max(1, count)) }
}
