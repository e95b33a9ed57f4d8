internal import CHRMKernels

/// Standard normal numbers.
package enum NormalNumbers {
    /// Fills a matrix without gaps with numbers, drawn by the method of Box and Muller.
    package static func fill(_ matrix: Matrix, using generator: inout SeededGenerator) {
        matrix.requireNoGaps("the noise")
        unsafe KernelPath.multitensor.normal_numbers(
            &generator.state, matrix.rows * matrix.columns, matrix.floats())
    }
}
