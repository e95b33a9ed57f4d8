internal import HRMEngine
internal import HRMModel
internal import HRMTensor

/// The tensors of an engine on its devices.
struct AcceleratorMemory: Sendable {
    let context: AcceleratorContext
    /// The model and the batch of one device.
    let shape: ModelShape
    let optimizers: OptimizerDescription?
    /// Weights and state of the optimizer of each device, all equal.
    var tensors: [[String: AcceleratorBuffer]] = []
    /// The states of each batch.
    var batches: [BatchStates] = []
    /// The logits of the last segment, of each device.
    var logits: [AcceleratorBuffer] = []
    /// Their copy on the host, `[B, S, V]`.
    private var hostLogits: [Float]?
    /// The gradients of the last step that kept them.
    var gradients: [NamedTensor] = []

    init(
        model: HierarchicalReasoningModel, optimizers: OptimizerDescription?, batchSize: Int,
        batches: Int, context: AcceleratorContext
    ) throws(AcceleratorError) {
        self.context = context
        self.optimizers = optimizers
        shape = ModelShape(
            configuration: model.configuration, dimensions: model.dimensions,
            batch: batchSize / context.deviceCount, replicas: context.deviceCount)
        let hasLow = shape.layout.buffers.contains { $0.name == "L_init" }
        let states = BatchStates(
            context, shape: shape,
            initial: (model.highInitial, hasLow ? model.lowInitial : nil))
        // Each batch has its own matrices.
        self.batches = [states]
        for _ in 1..<max(1, batches) {
            self.batches.append(
                BatchStates(
                    context, shape: shape,
                    initial: (model.highInitial, hasLow ? model.lowInitial : nil)))
        }
        tensors = Array(repeating: [:], count: context.deviceCount)
        for entry in shape.layout.entries + shape.layout.buffers {
            guard let values = model.tensor(entry) else { continue }
            try put(values, as: entry.name, type(of: entry))
        }
        try createOptimizerState(model)
    }

    private mutating func createOptimizerState(
        _ model: HierarchicalReasoningModel
    ) throws(AcceleratorError) {
        guard let optimizers else { return }
        for entry in shape.layout.entries {
            guard let weight = model.tensor(entry) else { continue }
            let zeros = Matrix(rows: weight.rows, columns: weight.columns)
            let type = BufferType(entry.shape)
            try put(zeros, as: TensorName.firstMoment(entry.name), type)
            if hasSecondMoment(entry) {
                try put(zeros, as: TensorName.secondMoment(entry.name), type)
            }
            if optimizers.averagesWeights {
                try put(weight, as: TensorName.average(entry.name), type)
            }
        }
    }

    /// True for weights that AdamATan2 updates.
    func hasSecondMoment(_ entry: ParameterLayout.Entry) -> Bool {
        optimizers != nil && (optimizers?.muon == nil || entry.stackedMatrices == 0)
    }

    /// The type of a weight or an initial state on the devices.
    func type(of entry: ParameterLayout.Entry) -> BufferType {
        let isState = entry.offset < 0 && entry.name != TensorName.puzzles
        return BufferType(entry.shape, isState ? shape.precision : .float32)
    }

    /// Copies a tensor to all devices.
    mutating func put(
        _ values: Matrix, as name: String, _ type: BufferType
    ) throws(AcceleratorError) {
        for device in tensors.indices {
            tensors[device][name] = try context.upload(values, as: type, device: device)
        }
    }

    /// Returns the batch of a slot, and its place in the batch.
    func place(of slot: Int) -> (batch: Int, place: Int) {
        let size = shape.batch * context.deviceCount
        return (slot / size, slot % size)
    }

    /// Returns the logits of the last segment.
    mutating func allLogits() throws(AcceleratorError) -> [Float] {
        if let hostLogits { return hostLogits }
        precondition(!logits.isEmpty, "the logits of a slot before its first segment")
        var all: [Float] = []
        for buffer in logits { all += try buffer.read(as: Float.self) }
        hostLogits = all
        return all
    }

    /// Takes the results of a segment or a step of a batch.
    mutating func take(_ results: [[String: AcceleratorBuffer]], batch: Int) {
        batches[batch].take(results)
        logits = results.compactMap { $0[TensorName.logits] }
        hostLogits = nil
        for (device, result) in results.enumerated() {
            for (name, buffer) in result where tensors[device][name] != nil {
                tensors[device][name] = buffer
            }
        }
    }
}
