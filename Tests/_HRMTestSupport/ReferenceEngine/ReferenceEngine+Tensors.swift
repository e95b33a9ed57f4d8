import HRMModel
import Synchronization

/// The tensors of an engine that can be read, and all but the gradients also set.
public enum ReferenceTensorGroup: Sendable, CaseIterable {
    /// Parameters, initial states and puzzle embedding, with the reference's names.
    case weights
    /// `z_H` and `z_L` of all slots, `[slots·T, D]`.
    case states
    /// The optimizers' moments and the average of the weights, in the layout's flat order.
    case moments
    /// The gradients of the last training step, before the update, with the reference's names; that
    /// of the puzzle embedding has one row per slot that learned.
    case gradients
}

extension ReferenceEngine {
    /// Returns the tensors of a group; no gradients before the first training step, and no moments
    /// without optimizers.
    public func tensors(_ group: ReferenceTensorGroup) -> [ReferenceTensor] {
        memory.withLock { memory in
            switch group {
            case .weights: named(memory.model.weights, memory)
            case .gradients: named(memory.gradients, memory)
            case .states:
                [
                    stacked("z_H", memory.states.map(\.high)),
                    stacked("z_L", memory.states.map(\.low)),
                ]
            case .moments:
                moments(memory).map { name, values in
                    flat(name, values, memory.model.layout)
                }
            }
        }
    }

    /// Sets all tensors of a group.
    ///
    /// - Parameters:
    ///   - tensors: As returned by ``tensors(_:)``.
    ///   - group: The group, not the gradients.
    /// - Throws: ``ReferenceTensorError`` if a tensor is missing, unknown or of another shape; then
    ///   nothing changes.
    public func load(
        _ tensors: [ReferenceTensor], _ group: ReferenceTensorGroup
    ) throws(ReferenceTensorError) {
        let expected = self.tensors(group).map { ($0.name, $0.shape) }
        for tensor in tensors {
            guard let (_, shape) = expected.first(where: { $0.0 == tensor.name }),
                group != .gradients
            else { throw .unknown(name: tensor.name) }
            guard tensor.shape == shape, tensor.values.count == shape.reduce(1, *) else {
                throw .wrongShape(name: tensor.name, expected: shape, found: tensor.shape)
            }
        }
        let given = Dictionary(tensors.map { ($0.name, $0) }) { $1 }
        if let absent = expected.first(where: { given[$0.0] == nil }) {
            throw .missing(name: absent.0)
        }
        memory.withLock { memory in
            switch group {
            case .weights: memory.model.weights = given.mapValues { PlainMatrix($0) }
            case .states: setStates(given, &memory)
            case .moments: setMoments(given, &memory)
            case .gradients: break
            }
        }
    }

    func named(
        _ matrices: [String: PlainMatrix], _ memory: ReferenceMemory
    ) -> [ReferenceTensor] {
        (memory.model.layout.entries + memory.model.layout.buffers).compactMap { entry in
            matrices[entry.name].map { matrix in
                // Only the puzzle embedding's gradient has another shape.
                let shape =
                    matrix.values.count == entry.count
                    ? entry.shape : [matrix.rows, matrix.columns]
                return ReferenceTensor(name: entry.name, shape: shape, values: matrix.floats)
            }
        }
    }

    private func stacked(_ name: String, _ states: [PlainMatrix]) -> ReferenceTensor {
        ReferenceTensor(
            name: name,
            shape: [states.map(\.rows).reduce(0, +), configuration.hiddenSize],
            values: states.flatMap(\.floats))
    }

    private func setStates(_ given: [String: ReferenceTensor], _ memory: inout ReferenceMemory) {
        let length = memory.model.positionCount
        func slots(_ name: String) -> [PlainMatrix] {
            guard let all = given[name].map({ PlainMatrix($0) }) else { return [] }
            return (0..<slotCount).map { slot in
                Variable(all).rows((slot * length)..<((slot + 1) * length)).value
            }
        }
        memory.states = zip(slots("z_H"), slots("z_L")).map { ReferenceStates(high: $0, low: $1) }
    }

    private func moments(
        _ memory: ReferenceMemory
    ) -> [(name: String, values: [String: PlainMatrix])] {
        guard let optimizers = memory.optimizers else { return [] }
        let moments = [
            ("first_moment", optimizers.firstMoment), ("second_moment", optimizers.secondMoment),
        ]
        return moments + (optimizers.average.map { [("average", $0)] } ?? [])
    }

    private func flat(
        _ name: String, _ matrices: [String: PlainMatrix], _ layout: ParameterLayout
    ) -> ReferenceTensor {
        var values = [Float](repeating: 0, count: layout.flatCount)
        for entry in layout.entries {
            values.replaceSubrange(
                entry.offset..<(entry.offset + entry.count),
                with: matrices[entry.name]?.floats ?? [])
        }
        return ReferenceTensor(name: name, shape: [1, layout.flatCount], values: values)
    }

    private func setMoments(_ given: [String: ReferenceTensor], _ memory: inout ReferenceMemory) {
        let layout = memory.model.layout
        func matrices(_ name: String) -> [String: PlainMatrix]? {
            given[name].map { tensor in
                Dictionary(
                    uniqueKeysWithValues: layout.entries.map { entry in
                        let values = tensor.values[entry.offset..<(entry.offset + entry.count)]
                        return (
                            entry.name,
                            PlainMatrix(
                                ReferenceTensor(
                                    name: entry.name, shape: entry.shape, values: Array(values)))
                        )
                    })
            }
        }
        memory.optimizers?.firstMoment = matrices("first_moment") ?? [:]
        memory.optimizers?.secondMoment = matrices("second_moment") ?? [:]
        memory.optimizers?.average = matrices("average")
    }
}
