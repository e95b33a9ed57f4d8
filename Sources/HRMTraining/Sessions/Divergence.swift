/// Why a training run cannot go on as it is.
public enum Divergence: Sendable, Hashable, CustomStringConvertible {
    /// A loss is infinite or not a number.
    case loss
    /// A gradient is infinite or not a number.
    case gradient
    /// The watched accuracy fell from its best to a fraction of it.
    case collapse(accuracy: Double, best: Double)

    /// What happened, as a part of a sentence.
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
