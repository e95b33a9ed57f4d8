import HRMTensor

/// The packed copies of all weights, which are packed again before each step.
struct PackedTextWeights: Sendable {
    let low: [PackedBlock]
    let high: [PackedBlock]
    let head: PackedWeight
    let headBack: PackedWeight

    init(_ parameters: TextParameters) {
        low = parameters.low.map(PackedBlock.init)
        high = parameters.high.map(PackedBlock.init)
        let matrix = parameters.head ?? parameters.embedding
        head = PackedWeight(outputs: matrix.rows, inputs: matrix.columns, precision: .float32)
        headBack = PackedWeight(
            outputs: matrix.columns, inputs: matrix.rows, precision: .float32,
            layout: .transposed)
    }

    /// Packs the current weights.
    func pack(_ parameters: TextParameters, pool: WorkerPool) {
        let workers = Workers(count: pool.count)
        pool.run { worker, _ in
            let share = (worker: worker, of: workers)
            for (packed, block) in zip(low + high, parameters.low + parameters.high) {
                packed.pack(block, share: share)
            }
            let matrix = parameters.head ?? parameters.embedding
            head.pack(matrix, share: share)
            headBack.pack(matrix, share: share)
        }
    }
}
