import Foundation
import HRMModel

/// When a puzzle has been thought about enough.
///
/// The reference's evaluation always goes through all segments; in training it halts by comparison.
public enum HaltingRule: Sendable, Hashable {
    /// Never before the last segment.
    case never
    /// When halting promises more than going on, `q_halt > q_continue`: the reference's rule in
    /// training.
    case comparison
    /// When the model takes its answer to be right, `q_halt > 0`: TRM's rule.
    case sign
    /// When the model takes its answer to be right, and one more segment has left that answer as it
    /// was: neither a single high logit nor a pause in the search is enough.
    case settled
    /// When the model is at least so sure of its answer, `σ(q_halt) ≥ p`.
    case confidence(Double)

    /// Whether a puzzle is done after a segment.
    ///
    /// - Parameters:
    ///   - qHalt: Logit of "halt".
    ///   - qContinue: Logit of "go on".
    ///   - isUnchanged: Whether the answer is the one of the segment before.
    /// - Returns: Whether it is.
    public func halts(qHalt: Float, qContinue: Float, isUnchanged: Bool) -> Bool {
        switch self {
        case .never: false
        case .comparison: qHalt > qContinue
        case .sign: qHalt > 0
        case .settled: qHalt > 0 && isUnchanged
        case .confidence(let least): QLoss.sigmoid(Double(qHalt)) >= least
        }
    }

    /// The rule that a text names: `never`, `comparison`, `sign`, `settled`, or the least confidence
    /// such as `0.9`.
    public init?(_ text: String) {
        switch text {
        case "never": self = .never
        case "comparison": self = .comparison
        case "sign": self = .sign
        case "settled": self = .settled
        default:
            guard let least = Double(text), least > 0, least < 1 else { return nil }
            self = .confidence(least)
        }
    }
}

extension HaltingRule: CustomStringConvertible {
    /// The text that names the rule.
    public var description: String {
        switch self {
        case .never: "never"
        case .comparison: "comparison"
        case .sign: "sign"
        case .settled: "settled"
        case .confidence(let least): "\(least)"
        }
    }
}
