import Foundation
import HRMModel

/// The rule that ends an attempt before its last segment.
///
/// The reference's evaluation always runs all segments; in training it halts by ``comparison``.
public enum HaltingRule: Sendable, Hashable {
    /// Never halts before the last segment.
    case never
    /// Halts if `q_halt > q_continue`: the reference's rule in training.
    case comparison
    /// Halts if `q_halt > 0`, that is, if the model considers its answer correct: TRM's rule.
    case sign
    /// Halts if the model considers its answer correct and the last segment did not change it;
    /// neither a single high logit nor a pause in the search suffices.
    case converged
    /// Halts if the model's confidence is at least `p`: `σ(q_halt) ≥ p`.
    case confidence(Double)

    /// Returns whether an attempt halts after a segment.
    ///
    /// - Parameters:
    ///   - qHalt: The "halt" logit.
    ///   - qContinue: The "continue" logit.
    ///   - isUnchanged: True if the answer equals that of the preceding segment.
    /// - Returns: True if the attempt halts.
    public func halts(qHalt: Float, qContinue: Float, isUnchanged: Bool) -> Bool {
        switch self {
        case .never: false
        case .comparison: qHalt > qContinue
        case .sign: qHalt > 0
        case .converged: qHalt > 0 && isUnchanged
        case .confidence(let least): QLoss.sigmoid(Double(qHalt)) >= least
        }
    }

    /// Parses a rule: `never`, `comparison`, `sign`, `converged`, or a minimum confidence such as
    /// `0.9`.
    public init?(_ text: String) {
        switch text {
        case "never": self = .never
        case "comparison": self = .comparison
        case "sign": self = .sign
        // The name of earlier versions.
        case "converged", "settled": self = .converged
        default:
            guard let least = Double(text), least > 0, least < 1 else { return nil }
            self = .confidence(least)
        }
    }
}

extension HaltingRule: CustomStringConvertible {
    /// The rule in text form.
    public var description: String {
        switch self {
        case .never: "never"
        case .comparison: "comparison"
        case .sign: "sign"
        case .converged: "converged"
        case .confidence(let least): "\(least)"
        }
    }
}
