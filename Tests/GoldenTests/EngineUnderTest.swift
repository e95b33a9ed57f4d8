import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// An implementation of the engine protocol that the recorded cases are run on.
struct EngineUnderTest: Sendable {
    /// The name in messages.
    var name: String
    /// True if it computes in the precision of the configuration; otherwise always in float64.
    var rounds: Bool
    /// Makes an engine for inference.
    var inference: @Sendable (HierarchicalReasoningModel, _ slots: Int) -> any Engine
    /// Makes an engine for training one batch.
    var training:
        @Sendable (HierarchicalReasoningModel, OptimizerDescription, _ slots: Int) -> any Engine

    /// The engine of the package.
    static let cpu = Self(
        name: "CPU", rounds: true,
        inference: { CPUEngine(model: $0, slotCount: $1, workers: Workers(count: 2)) },
        training: {
            CPUEngine(training: $0, optimizers: $1, batchSize: $2, workers: Workers(count: 2))
        })

    /// The plain engine of the tests.
    static let reference = Self(
        name: "reference", rounds: false,
        inference: { ReferenceEngine(ReferenceModel($0), slotCount: $1) },
        training: { ReferenceEngine(ReferenceModel($0), slotCount: $2, optimizers: $1) })

    /// All engines; that of accelerators where there is a plug-in.
    static let all = [cpu, reference] + (accelerator.map { [$0] } ?? [])
}

extension Engine {
    /// The values of one tensor.
    func values(_ group: TensorGroup, _ name: String) throws -> [Float] {
        try #require(tensors(group).first { $0.name == name }, "\(name)").values.values
    }

    /// Replaces one tensor.
    func load(_ values: [Float], as name: String, _ group: TensorGroup) throws {
        let own = try #require(tensors(group).first { $0.name == name })
        let copy = Matrix(
            rows: own.values.rows, columns: own.values.columns, precision: own.values.precision)
        copy.assign(values)
        load([NamedTensor(name: name, shape: own.shape, values: copy)], group)
    }

    /// The logits of the first slots, `[B·S·V]`.
    func tokenLogits(slots: Int) -> [Float] {
        (0..<slots).flatMap { slot in
            withLogits(of: slot) { logits in logits.indices.map { logits[$0] } }
        }
    }

    func expectWeights(_ weights: GoldenTensors, _ tolerance: Tolerance, _ name: String) throws {
        for tensor in tensors(.weights) {
            expectClose(
                tensor.values.values, try weights[tensor.name].floats, tolerance,
                "\(name) \(tensor.name)")
        }
    }

    func expectStates(_ trajectory: GoldenTensors, _ prefix: String) throws {
        let tolerance = Tolerance(absolute: 1e-3)
        for name in ["z_H", "z_L"] {
            expectClose(
                try values(.states, name), try trajectory["\(prefix)_\(name)"].floats, tolerance,
                "\(prefix) \(name)")
        }
    }

    /// The part of an average that belongs to an entry of the layout.
    func average(of entry: ParameterLayout.Entry) throws -> [Float] {
        let flat = try values(.optimizer, "average")
        return Array(flat[entry.offset..<(entry.offset + entry.count)])
    }
}
