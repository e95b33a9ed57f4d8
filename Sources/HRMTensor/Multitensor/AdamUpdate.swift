internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The Adam optimizer without weight decay,
/// [Kingma & Ba, 2015](https://arxiv.org/abs/1412.6980).
///
/// `m ← β₁ · m + (1 − β₁) · g`, `v ← β₂ · v + (1 − β₂) · g²`,
/// `p ← p − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)`.
package struct AdamUpdate: Sendable, Hashable {
    /// The learning rate.
    package var rate: Double
    /// The decay of the mean gradient.
    package var beta1: Double
    /// The decay of the mean square gradient.
    package var beta2: Double
    /// `ε`, which is added to the root.
    package var epsilon: Double

    /// Creates an update rule.
    package init(rate: Double, beta1: Double, beta2: Double, epsilon: Double = 1e-8) {
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// Makes step `t`, counted from 1.
    ///
    /// - Parameters:
    ///   - step: The number of the step, at least 1.
    ///   - parameters: Shape `[1, count]`, updated.
    ///   - gradients: Shape `[1, count]`.
    ///   - firstMoments: `m`, shape `[1, count]`, updated.
    ///   - secondMoments: `v`, shape `[1, count]`, updated.
    package func apply(
        step: Int, parameters: Matrix, gradients: Matrix, firstMoments: Matrix,
        secondMoments: Matrix
    ) {
        precondition(step >= 1, "step \(step)")
        let count = parameters.columns
        let rule = hrm_adam(
            beta1: Float(beta1), beta2: Float(beta2),
            step: Float(rate / (1 - pow(beta1, Double(step)))),
            second_scale: Float((1 - pow(beta2, Double(step))).squareRoot()),
            epsilon: Float(epsilon))
        unsafe KernelPath.multitensor.adam(
            count, rule, parameters.tensor("the parameters", positions: 1, width: count),
            gradients.tensor("the gradients", positions: 1, width: count),
            firstMoments.tensor("the first moments", positions: 1, width: count),
            secondMoments.tensor("the second moments", positions: 1, width: count))
    }
}
