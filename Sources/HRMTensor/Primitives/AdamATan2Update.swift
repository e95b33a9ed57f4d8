internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One step of the AdamATan2 rule on an array of parameters.
///
/// ```
/// p ← p · (1 − lr·wd);  m ← m + (1−β1)(g − m);  v ← v + (1−β2)(g² − v)
/// p ← p − lr/(1−β1^t) · atan2(m, √v / √(1−β2^t))
/// ```
/// There is no epsilon, since the arc tangent bounds the step. The factors are computed in float64
/// and rounded once, as in the reference's kernel.
package struct AdamATan2Update: Sendable {
    private let rule: hrm_adam_atan2

    /// Creates the update of one step.
    ///
    /// - Parameters:
    ///   - learningRate: The learning rate of this step.
    ///   - weightDecay: Decoupled weight decay, as a fraction of the learning rate.
    ///   - beta1: The decay rate of the mean of gradients.
    ///   - beta2: The decay rate of the mean of squared gradients.
    ///   - step: The number of this update of these parameters, starting at 1.
    package init(
        learningRate: Double, weightDecay: Double, beta1: Double, beta2: Double, step: Int
    ) {
        precondition(step >= 1, "steps count from 1, this is \(step)")
        rule = hrm_adam_atan2(
            decay: Float(1 - learningRate * weightDecay), one_minus_beta1: Float(1 - beta1),
            one_minus_beta2: Float(1 - beta2),
            step: Float(learningRate / (1 - pow(beta1, Double(step)))),
            second_scale: Float((1 - pow(beta2, Double(step))).squareRoot()))
    }

    /// Updates `columns` values of matrices with one row each, all float32.
    ///
    /// - Parameters:
    ///   - parameters: `p`.
    ///   - firstMoment: `m`.
    ///   - secondMoment: `v`.
    ///   - gradients: The summands of `g`, added in this order; each is reset to zero.
    package func apply(
        to parameters: Matrix, firstMoment: Matrix, secondMoment: Matrix, gradients: [Matrix]
    ) {
        let count = parameters.columns
        for other in [parameters, firstMoment, secondMoment] + gradients {
            other.require("an optimizer array", rows: 1, columns: count, .float32)
        }
        let addresses = unsafe gradients.map { unsafe $0.floats() }
        unsafe addresses.withUnsafeBufferPointer { parts in
            guard let first = parts.baseAddress else { preconditionFailure("no gradient") }
            unsafe KernelPath.active.kernels.adam_atan2(
                count, rule, parameters.floats(), firstMoment.floats(), secondMoment.floats(),
                first, parts.count)
        }
    }
}
