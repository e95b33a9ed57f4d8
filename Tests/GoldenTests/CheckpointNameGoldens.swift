import Foundation
import HRMModel
import HRMTensor
import HRMTraining
import Testing

private struct CheckpointNameGolden: Decodable {
    struct Tensor: Decodable, Equatable {
        var dtype: String
        var shape: [Int]
    }

    var config: PuzzleDimensions
    var tensors: [String: Tensor]

    enum CodingKeys: String, CodingKey {
        case config
        case tensors = "state_dict"
    }
}

/// Kind `checkpoint`: the names, shapes and formats in the reference's file are those that the model
/// of the configuration beside it has.
func checkCheckpointNames(_ golden: GoldenCase) throws {
    let recorded = try golden.json(CheckpointNameGolden.self)
    let configuration = try TrainingConfiguration(
        contentsOf: golden.folder.appendingPathComponent("all_config.yaml"))
    let architecture = configuration.architecture
    let layout = ParameterLayout(configuration: architecture, dimensions: recorded.config)
    var expected: [String: CheckpointNameGolden.Tensor] = [:]
    for entry in layout.entries + layout.buffers {
        // The initial states are kept in the format of the forward pass.
        let isState = ["H_init", "L_init"].contains(entry.name)
        let precision = isState ? architecture.forwardPrecision : .float32
        expected[entry.name] = .init(dtype: precision.rawValue, shape: entry.shape)
    }
    #expect(expected.count == layout.entries.count + layout.buffers.count)
    let found = recorded.tensors.map { (name: ReferenceNames.stripped($0.key), tensor: $0.value) }
    #expect(found.map(\.name).sorted() == expected.keys.sorted())
    for (name, tensor) in found {
        #expect(tensor == expected[name], "\(name)")
    }
}
