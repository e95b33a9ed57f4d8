import Foundation
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining
import Testing
import _HRMTestSupport

private struct CheckpointGolden: Decodable {
    struct Tensor: Decodable, Equatable {
        var dtype: String
        var shape: [Int]
    }

    var config: PuzzleDimensions
    var tensors: [String: Tensor]
    var file: String

    enum CodingKeys: String, CodingKey {
        case config
        case tensors = "state_dict"
        case file = "checkpoint_file"
    }
}

/// Kind `checkpoint`: a file of the reference has the recorded tensors, becomes a model with the
/// configuration beside it, and that model yields what the reference's does.
func checkCheckpoint(_ golden: GoldenCase) throws {
    let recorded = try golden.json(CheckpointGolden.self)
    let source = golden.folder.appendingPathComponent(recorded.file)
    let file = try PyTorchFile(contentsOf: source)
    let found = file.names.compactMap { name in
        file[name].map { (name, CheckpointGolden.Tensor($0)) }
    }
    #expect(Dictionary(uniqueKeysWithValues: found) == recorded.tensors)

    let configuration = try TrainingConfiguration(
        contentsOf: golden.folder.appendingPathComponent("all_config.yaml"))
    var importer = WeightsImport(architecture: configuration.architecture)
    importer.sequenceLength = recorded.config.sequenceLength
    let imported = try importer.model(from: WeightsFile(contentsOf: source)).file
    #expect(imported.model.dimensions == recorded.config)
    try checkNames(recorded, imported.model)

    // By way of a file, as whoever converts it would.
    let scratch = FileManager.default.temporaryDirectory
        .appendingPathComponent("hrm-golden-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try imported.write(to: scratch)
    let expected = try golden.tensors("expected.safetensors")
    let precisions = ActivationPrecision.allCases.filter {
        expected.names.contains("\($0.rawValue).logits")
    }
    #expect(precisions.contains(configuration.architecture.forwardPrecision))
    for precision in precisions {
        let model = try ModelFile(contentsOf: scratch, precision: precision).model
        try checkAnswers(model, expected, precision)
    }
}

/// The names, shapes and formats are those that the model has.
private func checkNames(
    _ recorded: CheckpointGolden, _ model: HierarchicalReasoningModel
) throws {
    var expected: [String: CheckpointGolden.Tensor] = [:]
    for entry in model.layout.entries + model.layout.buffers {
        // The initial states are kept in the format of the forward pass.
        let isState = ["H_init", "L_init"].contains(entry.name)
        let precision = isState ? model.configuration.forwardPrecision : .float32
        expected[entry.name] = .init(dtype: precision.rawValue, shape: entry.shape)
    }
    let found = recorded.tensors.map { (ReferenceNames.stripped($0.key), $0.value) }
    #expect(Dictionary(uniqueKeysWithValues: found) == expected)
}

/// All segments of the recorded batch give the recorded logits.
private func checkAnswers(
    _ model: HierarchicalReasoningModel, _ expected: GoldenTensors, _ precision: ActivationPrecision
) throws {
    let identifiers = try expected["puzzle_identifiers"].integers.map(Int32.init)
    let batch = TokenBatch(
        inputs: try expected["inputs"].integers.map(Int32.init),
        labels: try expected["labels"].integers.map(Int32.init), puzzleIdentifiers: identifiers)
    let engine = ReasoningEngine(
        model: model, batchSize: identifiers.count, workers: Workers(count: 2), training: false)
    var carry = Carry(batchSize: identifiers.count, model: model)
    carry.refill(from: batch, model: model)
    let maxSteps = model.configuration.haltMaxSteps
    var logits: [[Float]] = []
    var outcomes: [[SequenceOutcome]] = []
    for _ in 0..<maxSteps {
        outcomes.append(engine.evaluationStep(&carry, maxSteps: maxSteps))
        logits.append(model.tokenLogits(engine.outputs, batchSize: identifiers.count))
    }
    for (name, values) in [
        ("logits", logits.flatMap { $0 }), ("q_halt_logits", outcomes.flatMap { $0.map(\.qHalt) }),
        ("q_continue_logits", outcomes.flatMap { $0.map(\.qContinue) }),
    ] {
        let exact = try expected["float32.\(name)"].floats
        if precision == .float32 {
            expectClose(values, exact, Tolerance(absolute: 2e-4), name)
        } else {
            let rounded = try expected["\(precision.rawValue).\(name)"].floats
            expectRounding(values, like: rounded, of: exact, name)
        }
    }
}

/// Two right computations in bfloat16 differ as much as each does from float32: ours may be as far
/// from that as the reference's, and half as much again; twice as far where there are few numbers.
private func expectRounding(
    _ values: [Float], like rounded: [Float], of exact: [Float], _ name: String
) {
    func distance(_ values: [Float]) -> Double {
        let squares = zip(values, exact).map { pow(Double($0) - Double($1), 2) }
        return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    #expect(values.count == exact.count && rounded.count == exact.count, "\(name)")
    let factor = exact.count < 100 ? 2.0 : 1.5
    #expect(distance(values) <= factor * distance(rounded), "\(name)")
}

extension CheckpointGolden.Tensor {
    fileprivate init(_ tensor: SafetensorsTensor) {
        let names: [SafetensorsElementType: String] = [.float32: "float32", .bfloat16: "bfloat16"]
        self.init(
            dtype: names[tensor.elementType] ?? tensor.elementType.rawValue, shape: tensor.shape)
    }
}
