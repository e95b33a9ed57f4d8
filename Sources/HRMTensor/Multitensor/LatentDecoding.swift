internal import CHRMKernels

/// The decoding of one tensor's latents: mean and noise in shares that depend on the nats that each
/// value may cost.
///
/// With `D = 4 · positions`, `τ = 10 · capacity` and averages ⟨·⟩ over positions per channel:
/// ```
/// r  = (10000 · e^(τ + adjust − ⟨adjust⟩) + 0.5) / D    s = 1 − e^(−2 · (10000 · e^τ + 0.5) / D)
/// σ  = e^−r,  β = √(1 − σ²)                             n = (mean − ⟨mean⟩) / deviation
/// z  = s · (β · n + σ · noise)                          KL = ½ · (σ² + β² · n² − 1) + r
/// ```
package struct LatentDecoding {
    /// The number of latent channels.
    package static let channels = 4

    private let positions: Int
    private let mean: Matrix
    private let adjust: Matrix
    private let capacity: Matrix
    private let noise: Matrix
    private let normal: Matrix
    private let precision: Matrix
    private let deviation: Matrix
    private let share: Matrix
    private let statistics: Matrix

    /// Creates the decoding of latents.
    ///
    /// - Parameters:
    ///   - mean: Shape `[positions, 4]`.
    ///   - adjust: Shape `[positions, 4]`.
    ///   - capacity: Shape `[1, 4]`.
    ///   - noise: Shape `[positions, 4]`.
    package init(mean: Matrix, adjust: Matrix, capacity: Matrix, noise: Matrix) {
        positions = mean.rows
        precondition(positions > 0, "latents of no position")
        self.mean = mean
        self.adjust = adjust
        self.capacity = capacity
        self.noise = noise
        normal = Matrix(rows: positions, columns: 4)
        precision = Matrix(rows: positions, columns: 4)
        deviation = Matrix(rows: positions, columns: 4)
        share = Matrix(rows: positions, columns: 4)
        statistics = Matrix(rows: 3, columns: 4)
    }

    private func memory(_ matrix: Matrix, _ name: StaticString) -> UnsafeMutablePointer<Float> {
        unsafe matrix.tensor(name, positions: positions, width: 4)
    }

    private var latents: hrm_latents {
        unsafe hrm_latents(
            positions: positions, mean: memory(mean, "the mean"),
            adjust: memory(adjust, "the adjustment"),
            capacity: capacity.tensor("the capacity", positions: 1, width: 4),
            noise: memory(noise, "the noise"), normal: normal.floats(),
            precision: precision.floats(), deviation: deviation.floats(), share: share.floats(),
            statistics: statistics.floats())
    }

    /// Computes `z`, and returns the sum of the KL divergences in nats.
    ///
    /// - Parameters:
    ///   - z: Shape `[positions, 4]`; overwritten.
    ///   - divergences: The KL divergence of each value, shape `[positions, 4]`; overwritten.
    /// - Returns: The sum of the KL divergences in nats.
    package func forward(into z: Matrix, divergences: Matrix? = nil) -> Double {
        unsafe KernelPath.multitensor.decode(
            latents, memory(z, "the output"), divergences.map { unsafe memory($0, "divergences") })
    }

    /// Computes the gradients of `Σ dz · z + Σ weight · KL`.
    ///
    /// - Parameters:
    ///   - dz: Shape `[positions, 4]`.
    ///   - divergenceWeights: The gradients of the KL divergences, shape `[positions, 4]`; nil
    ///     for 1.
    ///   - meanGradient: Shape `[positions, 4]`; overwritten.
    ///   - adjustGradient: Shape `[positions, 4]`; overwritten.
    ///   - capacityGradient: Shape `[1, 4]`; overwritten.
    package func backward(
        _ dz: Matrix, divergenceWeights: Matrix? = nil, meanGradient: Matrix,
        adjustGradient: Matrix, capacityGradient: Matrix
    ) {
        unsafe KernelPath.multitensor.decode_backward(
            latents, memory(dz, "the output gradient"),
            divergenceWeights.map { unsafe memory($0, "the weights of divergences") },
            memory(meanGradient, "the mean's gradient"),
            memory(adjustGradient, "the adjustment's gradient"),
            capacityGradient.tensor("the capacity's gradient", positions: 1, width: 4))
    }
}
