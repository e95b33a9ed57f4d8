import HRMModel
import HRMTensor

/// A weight matrix of the model: its position among the parameters, and its packed copies.
struct LinearLayer: Sendable {
    /// The position of master weight and gradient in the flat arrays.
    let entry: ParameterLayout.Entry
    /// The input columns of this layer, if several layers share a weight.
    private let columns: Range<Int>
    /// For `y = x · Wᵀ`.
    let forward: PackedWeight
    /// For `dx = dy · W`; nil in a model for inference only.
    let backward: PackedWeight?

    init(
        _ entry: ParameterLayout.Entry, columns: Range<Int>? = nil, precision: Precision,
        trainable: Bool, layout: PackedWeight.Layout = .plain
    ) {
        let outputs = entry.shape[0]
        self.entry = entry
        self.columns = columns ?? 0..<entry.shape[1]
        let inputs = self.columns.count
        forward = PackedWeight(
            outputs: outputs, inputs: inputs, precision: precision, layout: layout)
        backward =
            trainable
            ? PackedWeight(
                outputs: inputs, inputs: outputs, precision: precision, layout: .transposed) : nil
    }

    /// Repacks one worker's share from the master weights.
    func pack(_ parameters: Matrix, share: (worker: Int, of: Workers)) {
        let weight = place(in: parameters)
        forward.pack(weight, share: share)
        backward?.pack(weight, share: share)
    }

    /// Computes `gradient += dOutputᵀ · input` at the layer's position in a worker's flat array.
    func accumulateGradient(
        _ dOutput: Matrix, _ input: Matrix, into gradients: Matrix, scratch: Scratch
    ) {
        Linear.accumulateWeightGradient(
            dOutput, input, into: place(in: gradients), scratch: scratch)
    }

    /// Does the same, and counts the time as that of weight gradients.
    func accumulateGradient(
        _ dOutput: Matrix, _ input: Matrix, into gradients: Matrix, context: BlockContext
    ) {
        context.time(.weightGradients) {
            accumulateGradient(dOutput, input, into: gradients, scratch: context.team.scratch)
        }
    }

    /// Returns the layer's weight, or its gradient, in a flat array.
    private func place(in parameters: Matrix) -> Matrix {
        entry.matrix(in: parameters).columns(columns)
    }

    /// The transposed weight.
    ///
    /// - Precondition: The model is trainable.
    var gradientPath: PackedWeight {
        guard let backward else {
            preconditionFailure("\(entry.name): a backward pass through a model made to infer")
        }
        return backward
    }
}
