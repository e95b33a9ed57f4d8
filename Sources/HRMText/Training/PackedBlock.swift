import HRMTensor

/// The weights of a block in the layouts of the products of both directions.
struct PackedBlock: Sendable {
    let attention: PackedWeight
    let attentionOutput: PackedWeight
    let gateUp: PackedWeight
    let down: PackedWeight
    let attentionBack: PackedWeight
    let attentionOutputBack: PackedWeight
    let gateUpBack: PackedWeight
    let downBack: PackedWeight

    init(_ block: TextParameters.Block) {
        func plain(_ matrix: Matrix, _ layout: PackedWeight.Layout = .plain) -> PackedWeight {
            PackedWeight(
                outputs: matrix.rows, inputs: matrix.columns, precision: .float32, layout: layout)
        }
        func back(_ matrix: Matrix) -> PackedWeight {
            PackedWeight(
                outputs: matrix.columns, inputs: matrix.rows, precision: .float32,
                layout: .transposed)
        }
        attention = plain(block.attention)
        attentionOutput = plain(block.attentionOutput)
        gateUp = plain(block.gateUp, .gated)
        down = plain(block.down)
        attentionBack = back(block.attention)
        attentionOutputBack = back(block.attentionOutput)
        gateUpBack = back(block.gateUp)
        downBack = back(block.down)
    }

    /// Packs one worker's share of the block's matrices.
    func pack(_ block: TextParameters.Block, share: (worker: Int, of: Workers)) {
        for (matrix, weights) in [
            (block.attention, [attention, attentionBack]),
            (block.attentionOutput, [attentionOutput, attentionOutputBack]),
            (block.gateUp, [gateUp, gateUpBack]), (block.down, [down, downBack]),
        ] {
            for weight in weights { weight.pack(matrix, share: share) }
        }
    }
}
