import HRMTensor

/// A weight of the model as the engine uses it: a place among the parameters, and packed copies.
struct LinearLayer: Sendable {
    /// Where master weight and gradient lie in the flat arrays.
    let entry: ParameterLayout.Entry
    /// The inputs that are this layer's, where several share a weight.
    private let columns: Range<Int>
    /// For `y = x · Wᵀ`.
    let forward: PackedWeight
    /// For `dx = dy · W`; none in a model that only infers.
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

    /// Packs one worker's share anew from the master weights.
    func pack(_ parameters: Matrix, share: (worker: Int, of: Workers)) {
        let weight = place(in: parameters)
        forward.pack(weight, share: share)
        backward?.pack(weight, share: share)
    }

    /// `gradient += dOutputᵀ · input`, in the layer's place of a worker's flat array.
    func accumulateGradient(
        _ dOutput: Matrix, _ input: Matrix, into gradients: Matrix, scratch: Scratch
    ) {
        Linear.accumulateWeightGradient(
            dOutput, input, into: place(in: gradients), scratch: scratch)
    }

    /// The same, and its time taken as that of weight gradients.
    func accumulateGradient(
        _ dOutput: Matrix, _ input: Matrix, into gradients: Matrix, context: BlockContext
    ) {
        context.time(.weightGradients) {
            accumulateGradient(dOutput, input, into: gradients, scratch: context.team.scratch)
        }
    }

    /// The layer's weight, or its gradient, in a flat array.
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
