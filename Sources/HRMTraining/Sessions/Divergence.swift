import HRMEngine

/// The reason a training run cannot continue normally.
public enum Divergence: Sendable, Hashable, CustomStringConvertible {
    /// The loss is infinite or NaN.
    case loss
    /// The gradient is infinite or NaN.
    case gradient
    /// The watched accuracy fell from its best value to a fraction of it.
    case collapse(accuracy: Double, best: Double)

    /// Creates the divergence of a quantity that is not finite.
    init(_ quantity: TrainingOutcome.NonFinite) {
        self = quantity == .loss ? .loss : .gradient
    }

    /// The event as a part of a sentence.
    public var description: String {
        switch self {
        case .loss: "the loss is not finite"
        case .gradient: "a gradient is not finite"
        case .collapse(let accuracy, let best):
            "exact accuracy fell to \(Self.percent(accuracy)) from \(Self.percent(best))"
        }
    }

    private static func percent(_ share: Double) -> String {
        "\((share * 1000).rounded() / 10) %"
    }
}
