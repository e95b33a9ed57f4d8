/// The agreement between a model's stated probabilities and its actual accuracy.
package struct Calibration: Sendable, Equatable {
    /// Predictions with similar probabilities.
    package struct Bin: Sendable, Equatable {
        /// The lower bound, included.
        package var lower: Double
        /// The upper bound, excluded except for 1.
        package var upper: Double
        /// The number of predictions.
        package var count = 0
        /// The sum of the probabilities.
        package var confidence = 0.0
        /// The number of correct predictions.
        package var right = 0

        /// The mean probability; nil without predictions.
        package var meanConfidence: Double? { count > 0 ? confidence / Double(count) : nil }
        /// The share of correct predictions; nil without predictions.
        package var accuracy: Double? { count > 0 ? Double(right) / Double(count) : nil }
        /// The 95 % confidence interval of ``accuracy``.
        package var accuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: right, of: count)
        }
    }

    /// Bins of equal width from 0 to 1.
    package private(set) var bins: [Bin]
    /// Σ (probability − outcome)².
    private var squares = 0.0

    /// Creates a calibration without predictions.
    ///
    /// - Parameter binCount: The number of bins, at least 1.
    package init(binCount: Int = 10) {
        precondition(binCount >= 1, "\(binCount) bins")
        bins = (0..<binCount).map {
            Bin(
                lower: Double($0) / Double(binCount), upper: Double($0 + 1) / Double(binCount))
        }
    }

    /// Adds a prediction; a probability of NaN is ignored.
    ///
    /// - Parameters:
    ///   - confidence: The stated probability, `0 ... 1`.
    ///   - isRight: True if the prediction was correct.
    package mutating func add(confidence: Double, isRight: Bool) {
        guard !confidence.isNaN else { return }
        precondition((0...1).contains(confidence), "a probability of \(confidence)")
        let place = min(Int(confidence * Double(bins.count)), bins.count - 1)
        bins[place].count += 1
        bins[place].confidence += confidence
        bins[place].right += isRight ? 1 : 0
        let error = confidence - (isRight ? 1 : 0)
        squares += error * error
    }

    /// Adds the predictions of another calibration.
    ///
    /// - Precondition: Both have the same number of bins.
    package static func += (sum: inout Calibration, other: Calibration) {
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

    /// The number of predictions in all bins.
    package var count: Int { bins.reduce(0) { $0 + $1.count } }

    /// The expected calibration error: `Σ n/N · |accuracy − mean probability|` over the bins
    /// (Naeini et al., 2015; Guo et al., 2017); 0 without predictions.
    package var expectedError: Double {
        let total = Double(max(1, count))
        return bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) / total }
    }

    /// The Brier score, the mean squared difference of probability and outcome; 0 without
    /// predictions.
    package var brierScore: Double { squares / Double(max(1, count)) }
}
