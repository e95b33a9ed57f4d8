package import HRMEngine
import HRMModel
import HRMTensor
import Synchronization

extension ReferenceEngine {
    /// Returns the tensors of a group, with memory of their own.
    package func tensors(_ group: TensorGroup) -> [NamedTensor] {
        memory.withLock { memory in
            let layout = memory.model.layout
            return switch group {
            case .weights: layout.tensors(memory.model.weights)
            case .gradients: layout.tensors(memory.gradients)
            case .states:
                [
                    NamedTensor(name: "z_H", stacked: memory.states.map(\.high)),
                    NamedTensor(name: "z_L", stacked: memory.states.map(\.low)),
                ]
            case .optimizer:
                memory.optimizers?.tensors.map { layout.flat($0, $1) } ?? []
            }
        }
    }

    /// Replaces tensors by name; others stay.
    package func load(_ tensors: [NamedTensor], _ group: TensorGroup) {
        let shapes = Dictionary(
            uniqueKeysWithValues: self.tensors(group).map { ($0.name, $0.shape) })
        memory.withLock { memory in
            for tensor in tensors {
                precondition(
                    shapes[tensor.name] == tensor.shape,
                    "'\(tensor.name)' \(tensor.shape) for \(shapes[tensor.name] ?? [])")
                switch group {
                case .weights: memory.model.weights[tensor.name] = PlainMatrix(tensor)
                case .states: memory.setStates(tensor)
                case .optimizer:
                    memory.optimizers?.set(
                        tensor.name, memory.model.layout.matrices(ofFlat: tensor))
                case .gradients: preconditionFailure("gradients cannot be replaced")
                }
            }
        }
    }
}

extension ReferenceMemory {
    /// Sets `z_H` or `z_L` of all slots.
    fileprivate mutating func setStates(_ tensor: NamedTensor) {
        let all = Variable(PlainMatrix(tensor))
        let length = model.positionCount
        for slot in states.indices {
            let rows = all.rows((slot * length)..<((slot + 1) * length)).value
            if tensor.name == "z_H" { states[slot].high = rows } else { states[slot].low = rows }
        }
    }
}

extension ReferenceOptimizers {
    /// The state by name, each a matrix per parameter.
    fileprivate var tensors: [(name: String, values: [String: PlainMatrix])] {
        [("first_moment", firstMoment), ("second_moment", secondMoment)]
            + (average.map { [("average", $0)] } ?? [])
    }

    /// Sets one of the tensors.
    fileprivate mutating func set(_ name: String, _ values: [String: PlainMatrix]) {
        switch name {
        case "first_moment": firstMoment = values
        case "second_moment": secondMoment = values
        default: average = values
        }
    }
}

extension ParameterLayout {
    /// The tensors of those entries and buffers that have a matrix.
    fileprivate func tensors(_ matrices: [String: PlainMatrix]) -> [NamedTensor] {
        (entries + buffers).compactMap { entry in
            matrices[entry.name].map { matrix in
                // Only the puzzle embedding's gradient has another shape.
                NamedTensor(
                    name: entry.name,
                    shape: matrix.values.count == entry.count
                        ? entry.shape : [matrix.rows, matrix.columns],
                    values: Matrix(matrix))
            }
        }
    }

    /// One tensor with the elements of all entries, in their order.
    fileprivate func flat(_ name: String, _ matrices: [String: PlainMatrix]) -> NamedTensor {
        var values = PlainMatrix(0, rows: 1, columns: flatCount)
        for entry in entries {
            values.values.replaceSubrange(
                entry.offset..<(entry.offset + entry.count),
                with: matrices[entry.name]?.values ?? [])
        }
        return NamedTensor(name: name, stacked: [values])
    }

    /// The matrices of all entries from a tensor that ``flat(_:_:)`` returned.
    fileprivate func matrices(ofFlat tensor: NamedTensor) -> [String: PlainMatrix] {
        let values = tensor.values.values.map(Double.init)
        return Dictionary(
            uniqueKeysWithValues: entries.map { entry in
                let own = Array(values[entry.offset..<(entry.offset + entry.count)])
                return (entry.name, PlainMatrix(own, shape: entry.shape))
            })
    }
}

extension NamedTensor {
    /// Matrices of equal width, one below the other.
    fileprivate init(name: String, stacked matrices: [PlainMatrix]) {
        let rows = matrices.reduce(0) { $0 + $1.rows }
        let columns = matrices.first?.columns ?? 0
        self.init(
            name: name, shape: [rows, columns],
            values: Matrix(matrices.flatMap(\.floats), rows: rows, columns: columns))
    }
}

extension PlainMatrix {
    /// A tensor as a matrix.
    init(_ tensor: NamedTensor) {
        self.init(tensor.values.values.map(Double.init), shape: tensor.shape)
    }

    /// A matrix whose rows have the last extent of a shape; a vector is one row.
    fileprivate init(_ values: [Double], shape: [Int]) {
        let columns = shape.last ?? 1
        self.init(values, rows: values.count / max(1, columns), columns: columns)
    }

    /// The elements, rounded to float32.
    public var floats: [Float] { values.map { Float($0) } }
}

extension Matrix {
    /// The elements, rounded to float32.
    init(_ plain: PlainMatrix) {
        self.init(plain.floats, rows: plain.rows, columns: plain.columns)
    }
}
