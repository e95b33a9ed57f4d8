import Foundation
import HRMEngine
package import HRMFiles
package import HRMModel
import HRMTensor

extension HierarchicalReasoningModel {
    /// The prefix of all tensors that are not part of the model.
    package static let trainingStatePrefix = "training."

    /// All weights and buffers with their names in the model.
    var namedTensors: [(name: String, tensor: SafetensorsTensor)] {
        (layout.buffers + layout.entries).compactMap { entry in
            guard let tensor = tensor(entry) else { return nil }
            let values = tensor.values
            return (
                entry.name,
                tensor.precision == .bfloat16
                    ? .bfloat16(values, shape: entry.shape) : .float32(values, shape: entry.shape)
            )
        }
    }

    /// Creates a model with given weights.
    ///
    /// - Parameters:
    ///   - configuration: The architecture, valid.
    ///   - dimensions: The dimensions that the data set determines.
    ///   - tensors: All weights and buffers, by their names in the model.
    ///   - foreign: Element types of the file's unsupported tensors, by name.
    ///   - path: The file they come from, for messages.
    ///   - trainable: True if the model is going to be trained.
    /// - Throws: ``CheckpointError/otherTensors(path:_:)`` with a list of all differences, or
    ///   ``CheckpointError/notFinite(path:name:)``.
    package init(
        configuration: HRMConfiguration, dimensions: PuzzleDimensions,
        tensors: [String: SafetensorsTensor], foreign: [String: String] = [:], path: String,
        trainable: Bool
    ) throws(CheckpointError) {
        let layout = ParameterLayout(configuration: configuration, dimensions: dimensions)
        let entries = layout.entries + layout.buffers
        if let entry = entries.first(where: { foreign[$0.name] != nil }) {
            throw .file(
                .unknownElementType(
                    path: path, name: entry.name, elementType: foreign[entry.name] ?? ""))
        }
        // Check every shape before allocating memory for any of them.
        var differences = Self.differences(between: tensors, and: entries)
        differences.unexpected = (differences.unexpected + foreign.keys).sorted()
        guard differences.isEmpty else { throw .otherTensors(path: path, differences) }
        self.init(blank: configuration, dimensions: dimensions, trainable: trainable)
        for entry in entries {
            if let source = tensors[entry.name] { tensor(entry)?.assign(source) }
        }
        if let name = notFinite(entries) { throw .notFinite(path: path, name: name) }
        pack(workers: .available)
    }

    /// Returns the name of the first tensor with an infinite or NaN element.
    private func notFinite(_ entries: [ParameterLayout.Entry]) -> String? {
        // A single pass over all weights settles the usual case.
        let isSound = parameters.isFinite
        return entries.first { entry in
            guard !isSound || entry.offset < 0, let tensor = tensor(entry) else { return false }
            guard tensor.precision == .float32 else {
                return !tensor.values.allSatisfy(\.isFinite)
            }
            return !tensor.regrouped(rows: 1).isFinite
        }?.name
    }

    private static func differences(
        between tensors: [String: SafetensorsTensor], and entries: [ParameterLayout.Entry]
    ) -> TensorDifferences {
        var result = TensorDifferences()
        for entry in entries {
            guard let tensor = tensors[entry.name] else {
                result.missing.append(entry.name)
                continue
            }
            if tensor.shape != entry.shape {
                result.misshapen.append(
                    .init(name: entry.name, expected: entry.shape, found: tensor.shape))
            }
            if !tensor.elementType.isFloatingPoint { result.integral.append(entry.name) }
        }
        let known = Set(entries.map(\.name))
        // A checkpoint of a run in progress contains more than the model.
        result.unexpected = tensors.keys
            .filter { !known.contains($0) && !$0.hasPrefix(trainingStatePrefix) }
            .sorted()
        result.missing.sort()
        result.integral.sort()
        result.misshapen.sort { $0.name < $1.name }
        return result
    }
}

extension Matrix {
    /// Copies the elements of a floating-point tensor with the same number of elements.
    fileprivate func assign(_ tensor: SafetensorsTensor) {
        switch (tensor.elementType, precision) {
        case (.float32, .float32), (.bfloat16, .bfloat16): assign(bytes: tensor.bytes.bytes)
        default: assign(tensor.floats())
        }
    }
}
