package import HRMTensor

/// The activations of one forward pass over R tokens.
package struct ForwardMemory {
    /// The residual sums of a stack pass, shape `[R, C]`, float32.
    package let residual: Matrix
    /// The slow state, shape `[R, C]`, float32.
    package let high: Matrix
    /// The fast state, shape `[R, C]`, float32.
    package let low: Matrix
    /// The normed input of a product, shape `[R, C]`; one for each worker if R is small.
    package let normed: [Matrix]
    /// The projections: gates, queries, keys and values, shape `[R, 4·A·D]`, float32.
    package let projections: Matrix
    /// The rotated queries, shape `[R, A·D]`.
    package let queries: Matrix
    /// The gated result of the attention, shape `[R, A·D]`.
    package let attention: Matrix
    /// Gates and gated values of the SwiGLU, shape `[R, 2·F]`, float32, if they are stored.
    package let gateUp: Matrix?
    /// The result of the SwiGLU, shape `[R, F]`.
    package let inner: Matrix
    /// True if products stream the weights.
    package let isFew: Bool

    /// Allocates memory.
    package init(
        _ configuration: TextConfiguration, rows: Int, precision: Precision, workerCount: Int
    ) {
        func states() -> Matrix {
            .activations(rows: rows, columns: configuration.hiddenSize, precision: .float32)
        }
        func numbers(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: precision)
        }
        let heads = configuration.headCount * configuration.headSize
        isFew = rows <= StoredWeight.few
        residual = states()
        high = states()
        low = states()
        normed = (0..<(isFew ? workerCount : 1)).map { _ in numbers(configuration.hiddenSize) }
        projections = .activations(rows: rows, columns: 4 * heads, precision: .float32)
        queries = numbers(heads)
        attention = numbers(heads)
        inner = numbers(configuration.innerSize)
        gateUp =
            isFew || configuration.hasInnerBias
            ? .activations(rows: rows, columns: 2 * configuration.innerSize, precision: .float32)
            : nil
    }
}
