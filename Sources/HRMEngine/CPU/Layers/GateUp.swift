import HRMModel
import HRMTensor

/// The first product of a block's SwiGLU, and the gate: `silu(gate) ∘ up` of `[gate | up] = W·[x | m₁ | …]`.
///
/// With means, each part of `W` is a separate layer.
struct GateUp: Sendable {
    /// The part for a row's own features.
    let own: LinearLayer
    /// The parts for the means, by kind.
    let means: [LinearLayer]
    /// The means; nil if a position's own features are the only input.
    let pooling: FeaturePooling?

    init(
        _ entry: ParameterLayout.Entry, pooling: FeaturePooling?, precision: Precision,
        trainable: Bool
    ) {
        let kinds = pooling?.kinds.count ?? 0
        let width = entry.shape[1] / (1 + kinds)
        func part(_ index: Int, _ layout: PackedWeight.Layout) -> LinearLayer {
            LinearLayer(
                entry, columns: (index * width)..<((index + 1) * width), precision: precision,
                trainable: trainable, layout: layout)
        }
        own = part(0, .gated)
        means = (0..<kinds).map { part(1 + $0, .plain) }
        self.pooling = pooling
    }

    /// Returns the layers of the means with their rows in the table of means.
    var kinds: [(means: Range<Int>, layer: LinearLayer)] {
        guard let pooling else { return [] }
        return zip(pooling.kinds, means).map { ($0, $1) }
    }
}
