/// A share of successes with its standard error.
package struct Proportion: Equatable {
    /// The number of successes.
    package var successes = 0
    /// The number of trials.
    package var trials = 0

    /// Creates an empty proportion.
    package init() {}

    /// Adds a trial.
    package mutating func add(_ isSuccess: Bool) {
        trials += 1
        if isSuccess { successes += 1 }
    }

    /// The share of successes; 0 without trials.
    package var share: Double { trials == 0 ? 0 : Double(successes) / Double(trials) }

    /// √(p(1 − p)/(n − 1)), the standard error with the sample's variance; 0 for fewer than two
    /// trials.
    package var standardError: Double {
        trials < 2 ? 0 : (share * (1 - share) / Double(trials - 1)).squareRoot()
    }
}
