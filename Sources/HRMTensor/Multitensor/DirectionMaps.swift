internal import CHRMKernels

/// Maps between the eight directions of a tensor `[outer, 8, inner, 8 channels]`.
///
/// `y[to] = x[to] + Σ w[(from − to) mod 8] · n[from] · M[class(to, from)]`, where `n` is the
/// normalised `x` and `w` = 1, 0.2, 0.4, 0.2, 1, 0.2, 0.4, 0.2.
@safe
package final class DirectionMaps {
    private let outer: Int
    private let inner: Int
    private let count: Int
    private let isMirrored: Bool
    private let classes: UnsafeMutablePointer<Int32>
    private let scratchBytes: Int

    /// Creates the maps.
    ///
    /// - Parameters:
    ///   - outer: The number of positions before the direction axis.
    ///   - inner: The number of positions after the direction axis.
    ///   - classes: The number of the matrix of each pair of directions, `[to][from]`.
    package init(outer: Int, inner: Int, classes: [[Int]]) {
        precondition(
            outer > 0 && inner > 0 && classes.count == 8
                && classes.allSatisfy { $0.count == 8 && $0.allSatisfy { $0 >= 0 } },
            "direction classes \(classes) for [\(outer), 8, \(inner)]")
        self.outer = outer
        self.inner = inner
        count = (classes.joined().max() ?? 0) + 1
        isMirrored = (0..<8).allSatisfy { to in
            (0..<5).allSatisfy { step in
                let number = classes[to][(to + step) % 8]
                return number == classes[to][(to + 8 - step) % 8]
                    && number == classes[to % 2][(to % 2 + step) % 8]
            }
        }
        unsafe self.classes = .allocate(capacity: 64)
        for (index, number) in classes.joined().enumerated() {
            unsafe self.classes[index] = Int32(number)
        }
        scratchBytes = KernelPath.multitensor.direction_scratch(outer, inner) * 4
    }

    deinit {
        unsafe classes.deallocate()
    }

    private var directions: hrm_directions {
        unsafe hrm_directions(count: count, classes: classes, mirrored: isMirrored ? 1 : 0)
    }

    private func memory(_ matrix: Matrix, _ name: StaticString) -> UnsafeMutablePointer<Float> {
        unsafe matrix.tensor(name, positions: outer * 8 * inner, width: 8)
    }

    /// Computes `y`.
    ///
    /// - Parameters:
    ///   - x: Shape `[outer · 8 · inner, 8]`.
    ///   - matrices: Shape `[count · 8, 8]`.
    ///   - statistics: Means and inverse deviations, shape `[2, 8]`; overwritten.
    ///   - y: The shape of `x`; overwritten. Not `x`.
    ///   - scratch: Temporary memory.
    package func forward(
        _ x: Matrix, matrices: Matrix, statistics: Matrix, into y: Matrix, scratch: Scratch
    ) {
        unsafe KernelPath.multitensor.direction(
            outer, inner, directions, memory(x, "the input"),
            matrices.tensor("the matrices", positions: count * 8, width: 8),
            statistics.tensor("the statistics", positions: 2, width: 8), memory(y, "the output"),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }

    /// Turns the gradient of `y` into that of `x`, and adds to the gradient of the matrices.
    package func backward(
        _ gradient: Matrix, x: Matrix, matrices: Matrix, statistics: Matrix,
        matricesGradient: Matrix, scratch: Scratch
    ) {
        unsafe KernelPath.multitensor.direction_backward(
            outer, inner, directions, memory(x, "the input"),
            matrices.tensor("the matrices", positions: count * 8, width: 8),
            statistics.tensor("the statistics", positions: 2, width: 8),
            memory(gradient, "the gradient"),
            matricesGradient.tensor("the matrices' gradient", positions: count * 8, width: 8),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }
}

// SAFETY: the classes do not change.
extension DirectionMaps: @unchecked Sendable {}
