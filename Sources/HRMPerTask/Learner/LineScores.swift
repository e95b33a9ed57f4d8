import Foundation

/// Scores of the places of a grid along rows or columns, for one grid.
///
/// The score of the places `o ..< o + L` of `n` is the sum of their values minus the sum of all
/// others; it is a log-probability after subtraction of the logarithm of all scores' exponentials.
struct LineScores {
    /// Sums of the values before each place, `[n + 1]`.
    private var before: [Double]
    /// The gradients of the values.
    private(set) var gradients: [Double]
    /// Log-probabilities of the offsets of the true length; those of others are missing.
    private(set) var places: [Double]
    /// The number of offsets.
    private(set) var offsets = 0
    private var length = 0
    private var isLengthKnown = true
    private var normaliser = 0.0

    /// Creates memory for `n` places.
    init(count: Int) {
        before = Array(repeating: 0, count: count + 1)
        gradients = Array(repeating: 0, count: count)
        places = Array(repeating: 0, count: count)
    }

    private var count: Int { gradients.count }

    private func score(_ offset: Int, _ length: Int) -> Double {
        2 * (before[offset + length] - before[offset]) - before[count]
    }

    /// The lengths whose places share the probability.
    private var lengths: ClosedRange<Int> { isLengthKnown ? length...length : 1...count }

    /// Computes the log-probabilities of a grid's places.
    ///
    /// - Parameters:
    ///   - length: The grid's length.
    ///   - isLengthKnown: True to distribute the probability over the places of that length.
    ///   - limit: Offsets beyond which a grid ends are left out, since their probability is zero;
    ///     the largest end.
    ///   - value: The value of a place.
    mutating func evaluate(
        length: Int, isLengthKnown: Bool, limit: Int, value: (Int) -> Double
    ) {
        for place in 0..<count { before[place + 1] = before[place] + value(place) }
        self.length = length
        self.isLengthKnown = isLengthKnown
        var most = -Double.infinity
        for length in lengths {
            for offset in 0...(count - length) { most = max(most, score(offset, length)) }
        }
        var total = 0.0
        for length in lengths {
            for offset in 0...(count - length) { total += exp(score(offset, length) - most) }
        }
        normaliser = most + log(total)
        offsets = (isLengthKnown ? min(limit, count) : count) - length + 1
        for offset in 0..<offsets { places[offset] = score(offset, length) - normaliser }
    }

    /// Computes the gradients of the values from those of the log-probabilities.
    ///
    /// - Parameter placeGradients: The gradients of ``places``.
    mutating func propagate(_ placeGradients: [Double]) {
        for place in 0..<count { gradients[place] = 0 }
        let sum = placeGradients[0..<offsets].reduce(0, +)
        var all = 0.0
        for length in lengths {
            for offset in 0...(count - length) {
                let gradient = -sum * exp(score(offset, length) - normaliser)
                all += gradient
                addEnds(gradient, offset, length)
            }
        }
        for offset in 0..<offsets {
            all += placeGradients[offset]
            addEnds(placeGradients[offset], offset, length)
        }
        var inside = 0.0
        for place in 0..<count {
            inside += gradients[place]
            gradients[place] = inside - all
        }
    }

    /// Adds the gradient of a score at both ends of its places; sums of these from the first place
    /// on are gradients of values.
    private mutating func addEnds(_ gradient: Double, _ offset: Int, _ length: Int) {
        gradients[offset] += 2 * gradient
        if offset + length < count { gradients[offset + length] -= 2 * gradient }
    }
}
