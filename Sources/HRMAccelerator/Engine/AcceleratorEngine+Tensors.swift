package import HRMEngine
internal import HRMModel
internal import HRMTensor

extension AcceleratorEngine {
    /// Returns copies of the tensors of a group by name.
    package func tensors(_ group: TensorGroup) -> [NamedTensor] {
        withMemory { memory throws(AcceleratorError) in
            switch group {
            case .weights: try memory.weights()
            case .states: try memory.states()
            case .optimizer: try memory.optimizerState()
            case .gradients: memory.gradients
            }
        }
    }

    /// Replaces tensors of a group by name.
    package func load(_ tensors: [NamedTensor], _ group: TensorGroup) {
        withMemory { memory throws(AcceleratorError) in
            switch group {
            case .weights: try memory.load(weights: tensors)
            case .states: try memory.load(states: tensors)
            case .optimizer: try memory.load(optimizerState: tensors)
            case .gradients: preconditionFailure("gradients cannot be loaded")
            }
        }
    }
}

extension AcceleratorMemory {
    private func copy(
        _ name: String, of entry: ParameterLayout.Entry
    ) throws(AcceleratorError) -> Matrix? {
        guard let buffer = tensors[0][name] else { return nil }
        return try context.download(buffer, rows: entry.count / (entry.shape.last ?? 1))
    }

    fileprivate func weights() throws(AcceleratorError) -> [NamedTensor] {
        var result: [NamedTensor] = []
        for entry in shape.layout.entries + shape.layout.buffers {
            guard let values = try copy(entry.name, of: entry) else { continue }
            result.append(NamedTensor(name: entry.name, shape: entry.shape, values: values))
        }
        return result
    }

    fileprivate mutating func load(weights: [NamedTensor]) throws(AcceleratorError) {
        let entries = Dictionary(
            uniqueKeysWithValues: (shape.layout.entries + shape.layout.buffers).map {
                ($0.name, $0)
            })
        for tensor in weights {
            guard let entry = entries[tensor.name], entry.shape == tensor.shape else {
                preconditionFailure(
                    "'\(tensor.name)' \(tensor.shape) for \(entries[tensor.name]?.shape ?? [])")
            }
            try put(tensor.values, as: tensor.name, type(of: entry))
        }
    }

    // MARK: States

    private mutating func hostStates() throws(AcceleratorError) -> [[String: Matrix]] {
        var result: [[String: Matrix]] = []
        for batch in batches.indices { result.append(try batches[batch].onHost()) }
        return result
    }

    fileprivate mutating func states() throws(AcceleratorError) -> [NamedTensor] {
        let parts = try hostStates()
        let rows = shape.batch * context.deviceCount * shape.positions
        return [TensorName.high, TensorName.low].map { name in
            let whole = Matrix(
                rows: rows * parts.count, columns: shape.configuration.hiddenSize,
                precision: parts[0][name]?.precision ?? .float32)
            for (index, part) in parts.enumerated() {
                guard let values = part[name] else { continue }
                whole.rows((index * rows)..<((index + 1) * rows)).assign(values)
            }
            return NamedTensor(name: name, shape: [whole.rows, whole.columns], values: whole)
        }
    }

    fileprivate mutating func load(states: [NamedTensor]) throws(AcceleratorError) {
        let parts = try hostStates()
        let rows = shape.batch * context.deviceCount * shape.positions
        for tensor in states {
            precondition(
                tensor.shape == [rows * parts.count, shape.configuration.hiddenSize]
                    && parts[0][tensor.name] != nil,
                "'\(tensor.name)' \(tensor.shape) for \(parts.count) batches of \(rows) rows")
            for (index, part) in parts.enumerated() {
                part[tensor.name]?.assign(
                    tensor.values.rows((index * rows)..<((index + 1) * rows)))
            }
        }
    }

    // MARK: Optimizer

    /// The groups of flat arrays, with the names of their parts on the devices.
    private var flatArrays: [(name: String, part: (String) -> String)] {
        guard let optimizers else { return [] }
        return [
            ("first_moment", TensorName.firstMoment), ("second_moment", TensorName.secondMoment),
        ] + (optimizers.averagesWeights ? [("average", TensorName.average)] : [])
    }

    fileprivate func optimizerState() throws(AcceleratorError) -> [NamedTensor] {
        var result: [NamedTensor] = []
        for (name, part) in flatArrays {
            let flat = Matrix(rows: 1, columns: shape.layout.flatCount)
            for entry in shape.layout.entries {
                if let values = try copy(part(entry.name), of: entry) {
                    entry.matrix(in: flat).assign(values)
                }
            }
            result.append(NamedTensor(name: name, shape: [1, flat.columns], values: flat))
        }
        return result
    }

    fileprivate mutating func load(
        optimizerState: [NamedTensor]
    ) throws(AcceleratorError) {
        for tensor in optimizerState {
            guard let (_, part) = flatArrays.first(where: { $0.name == tensor.name }),
                tensor.shape == [1, shape.layout.flatCount]
            else {
                preconditionFailure(
                    "'\(tensor.name)' \(tensor.shape) for [1, \(shape.layout.flatCount)]")
            }
            for entry in shape.layout.entries where tensors[0][part(entry.name)] != nil {
                try put(
                    entry.matrix(in: tensor.values), as: part(entry.name),
                    BufferType(entry.shape))
            }
        }
    }
}
