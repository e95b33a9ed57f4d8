import Foundation
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_init_stats` and `trm_init_stats`: names, shapes and counts exactly, statistics within sampling error.
func checkInitialisation(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        struct Entry: Decodable {
            var name: String
            var shape: [Int]
            var dtype: String
            var numel: Int
            var kind: String
            var expected_std: Double
            var bound: Double
            var measured_mean: Double
        }
        var config: GoldenConfiguration
        var num_parameters: Int
        var num_state_dict_elements: Int
        var state_dict: [Entry]
    }
    let stored = try golden.json(Case.self)
    var generator = SeededGenerator(seed: 7)
    let model = HierarchicalReasoningModel(
        configuration: try stored.config.architecture(), dimensions: try stored.config.dimensions(),
        using: &generator, trainable: false)
    #expect(model.layout.parameterCount == stored.num_parameters)
    let entries = model.layout.entries + model.layout.buffers
    #expect(entries.reduce(0) { $0 + $1.count } == stored.num_state_dict_elements)
    let named = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    #expect(named.count == stored.state_dict.count)
    // Of parameters and of buffers, each in the reference's order.
    let order = stored.state_dict.map {
        (kind: $0.kind, name: $0.name.replacingOccurrences(of: "model.inner.", with: ""))
    }
    #expect(model.layout.entries.map(\.name) == order.filter { $0.kind != "buffer" }.map(\.name))
    #expect(model.layout.buffers.map(\.name) == order.filter { $0.kind == "buffer" }.map(\.name))
    for expected in stored.state_dict {
        let name = expected.name.replacingOccurrences(of: "model.inner.", with: "")
        let entry = try #require(named[name], "\(name)")
        #expect(entry.shape == expected.shape, "\(name)")
        #expect((entry.offset < 0) == (expected.kind == "buffer"), "\(name)")
        let matrix = try #require(model.tensor(entry))
        #expect(matrix.precision.rawValue == expected.dtype, "\(name)")

        let values = matrix.values.map(Double.init)
        let count = Double(values.count)
        if expected.expected_std == 0 {
            #expect(values.allSatisfy { $0 == expected.measured_mean }, "\(name)")
            continue
        }
        let mean = values.reduce(0, +) / count
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        // Five standard errors of the mean, and of the deviation.
        expectClose(
            mean, 0, Tolerance(absolute: 5 * expected.expected_std / count.squareRoot()),
            "mean of \(name)")
        expectClose(
            deviation, expected.expected_std, Tolerance(relative: 5 / (2 * count).squareRoot()),
            "deviation of \(name)")
        // In bfloat16 the bound itself is rounded, upwards by 2⁻⁸ at most.
        let slack = matrix.precision == .bfloat16 ? 1 + 0x1p-8 : 1 + 1e-6
        #expect(values.allSatisfy { abs($0) <= expected.bound * slack }, "\(name)")
        // One number in 36 lies that far out; a few may have none.
        let isLarge = values.count >= 1000
        #expect(
            !isLarge || values.contains { abs($0) > expected.bound * 0.9 },
            "\(name) reaches its bounds")
    }
}

/// Kind `trunc_normal`: from stored uniform numbers to values.
func checkTruncatedNormal(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        struct Set: Decodable {
            var std: Double
            var lower: Double
            var upper: Double
            var a: Double
            var b: Double
            var comp_std: Double
        }
        var sets: [Set]
    }
    let tensors = try golden.tensors()
    for (index, set) in try golden.json(Case.self).sets.enumerated() {
        let distribution = TruncatedNormal(
            standardDeviation: set.std, cuts: set.lower...set.upper)
        let exact = Tolerance(relative: 1e-12)
        expectClose(distribution.compensatedDeviation, set.comp_std, exact, "set \(index) c")
        expectClose(distribution.uniformRange.lowerBound, set.a, exact, "set \(index) a")
        expectClose(distribution.uniformRange.upperBound, set.b, exact, "set \(index) b")
        let uniform = try tensors["\(index).float32.u"].floats
        // float32 in the reference: erfinv loses digits where u is near ±1.
        expectClose(
            uniform.map { distribution.value(ofUniform: $0, precision: .float32) },
            try tensors["\(index).float32.value"].floats,
            Tolerance(absolute: 1e-6 * set.std, relative: 4e-6), "set \(index) float32")
        expectClose(
            uniform.map { distribution.value(ofUniform: Double($0)) },
            try tensors["\(index).float64.value"].doubles,
            Tolerance(absolute: 1e-14, relative: 1e-12), "set \(index) float64")
        let coarse = try tensors["\(index).bfloat16.u"].floats
        #expect(
            coarse.map { distribution.value(ofUniform: $0, precision: .bfloat16) }
                == (try tensors["\(index).bfloat16.value"].floats), "set \(index) bfloat16")
    }
}
