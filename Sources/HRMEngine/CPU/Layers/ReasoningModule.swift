import HRMModel
import HRMTensor

/// A module `M`, a stack of blocks: `M(z, injection) = blocks(z + injection)`.
struct ReasoningModule: Sendable {
    let blocks: [TransformerBlock]

    /// Runs the blocks on the sum `z + injection`, which the trail's first input already contains.
    ///
    /// - Parameters:
    ///   - trail: The first block's input, and memory for the activations between the blocks.
    ///   - output: Shape `[B·T, D]`; overwritten.
    ///   - context: The values shared by all blocks.
    func forward(trail: ModuleActivations, into output: Matrix, context: BlockContext) {
        for (index, block) in blocks.enumerated() {
            let last = index == blocks.count - 1
            block.forward(
                trail.inputs[index], into: last ? output : trail.inputs[index + 1],
                activations: trail.activations[index], context: context)
        }
    }

    /// Replaces the gradient of the output by that of `z + injection`.
    func backward(
        _ gradient: Matrix, trail: ModuleActivations, output: Matrix, buffers: BlockGradients,
        gradients: Matrix, context: BlockContext
    ) {
        for index in blocks.indices.reversed() {
            let y = index == blocks.count - 1 ? output : trail.inputs[index + 1]
            blocks[index].backward(
                gradient, x: trail.inputs[index], y: y, activations: trail.activations[index],
                buffers: buffers, gradients: gradients, into: gradient, context: context)
        }
    }
}

/// The activations of one application of a module: each block's input and intermediate results.
///
/// Without a backward pass, all blocks share two inputs and one set of activations.
struct ModuleActivations: Sendable {
    /// The input of each block, shape `[B·T, D]`; the first is `z + injection`.
    let inputs: [Matrix]
    let activations: [BlockActivations]

    /// Allocates activations for a backward pass.
    static func saved(
        blocks: Int, sequences: Int, shape: SegmentShape, shared: SharedActivations
    ) -> ModuleActivations {
        let rows = sequences * shape.positions
        return ModuleActivations(
            inputs: (0..<blocks).map { _ in shape.states(rows: rows) },
            activations: (0..<blocks).map { _ in
                BlockActivations(sequences: sequences, shape: shape, saved: true, shared: shared)
            })
    }

    /// Allocates reusable activations without a backward pass, for up to `blocks` blocks.
    static func reused(
        blocks: Int, sequences: Int, shape: SegmentShape, shared: SharedActivations
    ) -> ModuleActivations {
        let rows = sequences * shape.positions
        let pair = (0..<2).map { _ in shape.states(rows: rows) }
        let activations = BlockActivations(
            sequences: sequences, shape: shape, saved: false, shared: shared)
        return ModuleActivations(
            inputs: (0..<blocks).map { pair[$0 % 2] },
            activations: Array(repeating: activations, count: blocks))
    }

    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> ModuleActivations {
        ModuleActivations(
            inputs: inputs.map { $0.rows(0..<(sequences * shape.positions)) },
            activations: activations.map { $0.prefix(sequences, shape: shape) })
    }
}
