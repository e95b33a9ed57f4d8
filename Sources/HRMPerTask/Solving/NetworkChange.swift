/// A departure from the published network.
public enum NetworkChange: String, Sendable, Hashable, CaseIterable {
    /// Equal initial biases of black and the other colours, in place of a random offset of standard
    /// deviation 25.
    case noColourBias = "no-colour-bias"
    /// Maxima along diagonals have the margin of those along rows and columns, without which
    /// gradients of nearly equal values are huge.
    case wideDiagonals = "wide-diagonals"
    /// The same weights for softmaxes over rows and over columns, so that exchanging rows and
    /// columns is a symmetry.
    case tiedSoftmaxes = "tied-softmaxes"
    /// The inputs of softmaxes and of the nonlinearity are normalised, as in the published
    /// description.
    case normalisedInputs = "normalised-inputs"
}

extension PerTaskOptions {
    /// The options of the learner.
    var learner: TaskLearnerOptions {
        var options = TaskLearnerOptions()
        for change in changes {
            switch change {
            case .noColourBias: options.network.startsWithoutColourBias = true
            case .wideDiagonals: options.network.hasWideDiagonals = true
            case .tiedSoftmaxes: options.network.tiesSoftmaxes = true
            case .normalisedInputs: options.network.normalisesInputs = true
            }
        }
        return options
    }

    /// The names of the changes in alphabetical order.
    package var changeNames: [String] { changes.map(\.rawValue).sorted() }

    /// The options that determine every step; the others only end the run.
    var trajectory: String {
        "seed \(seed), attempts \(attemptRule.rawValue), unit \(unit.rawValue), changes "
            + (changes.isEmpty ? "none" : changeNames.joined(separator: " "))
    }
}
