import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing

/// Logits, states and the inside of a block against recorded numbers.
@Suite struct ForwardGoldenTests {
    @Test(arguments: TextGolden.names("forward"))
    func logits(_ name: String) throws {
        let golden = try TextGolden(name)
        let model = try golden.model()
        #expect(!golden.variants.isEmpty)
        for variant in golden.variants {
            let logits = try golden.textRows(variant).flatMap { try model.logits(of: $0) }
            let output = try #require(variant.outputs.first)
            let valid = try golden.rows(variant, "valid")?.flatMap { $0 }
            let distance = largestDistance(
                logits.flatMap { $0 }, try golden.floats(output.tensor), mask: valid)
            #expect(
                distance <= (output.tolerance ?? 0), "\(name) \(variant.name): \(distance)")
        }
    }

    @Test func aConfigurationThatCountsBothStacksIsCorrected() throws {
        let golden = try TextGolden("names-a")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("text-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (from, to) in [
            ("config.bothstacks.json", "config.json"), ("model.safetensors", "model.safetensors"),
        ] {
            try FileManager.default.copyItem(
                at: golden.folder.appendingPathComponent(from),
                to: folder.appendingPathComponent(to))
        }
        let model = try TextModel.load(
            folder: folder, options: TextModelOptions(arithmetic: .float32))
        #expect(model.configuration.layersPerStack == 2)
        #expect(model.remarks.contains { $0.contains("num_hidden_layers") })
        let variant = try #require(golden.variants.first)
        let logits = try golden.textRows(variant).flatMap { try model.logits(of: $0) }
        let output = try #require(variant.outputs.first)
        #expect(
            largestDistance(logits.flatMap { $0 }, try golden.floats(output.tensor))
                <= (output.tolerance ?? 0))
    }

    @Test(arguments: TextGolden.names("passes"))
    func passes(_ name: String) throws {
        let golden = try TextGolden(name)
        let model = try golden.model()
        let variant = try #require(golden.variants.first)
        var found: [String: [Float]] = [:]
        let heads = model.configuration.headCount, size = model.configuration.headSize
        for row in try golden.textRows(variant) {
            var normed: [Float] = []
            let logits = try model.logits(of: row) { moment, memory in
                func keep(_ name: String, _ values: [Float]) {
                    found["\(variant.name).\(name)", default: []] += values
                }
                switch moment {
                case .embedded:
                    keep("embedded", memory.high.values)
                case .pass(let number, let isHigh):
                    keep(
                        "pass.\(number).\(isHigh ? "H" : "L")",
                        (isHigh ? memory.high : memory.low).values)
                case .block(let slot) where slot < model.configuration.layersPerStack:
                    keep("firstL.block.\(slot)", memory.residual.values)
                case .attended(slot: 0):
                    normed = memory.normed[0].values
                    for head in 0..<heads {
                        func columns(_ kind: Int) -> Range<Int> {
                            let first = (kind * heads + head) * size
                            return first..<(first + size)
                        }
                        keep("block0.gate", memory.projections.columns(columns(0)).values)
                        keep("block0.q", memory.queries.columns(columns(0)).values)
                        keep("block0.v", memory.projections.columns(columns(3)).values)
                    }
                    keep("block0.normed", normed)
                    keep("block0.gated", memory.attention.values)
                default: break
                }
            }
            found["\(variant.name).logits", default: []] += logits.flatMap { $0 }
        }
        var checked = 0
        for output in variant.outputs {
            guard let values = found[output.tensor] else {
                // Keys are compared through the cache.
                #expect(output.tensor.hasSuffix("block0.k"), "\(output.tensor)")
                continue
            }
            let distance = largestDistance(values, try golden.floats(output.tensor))
            #expect(distance <= (output.tolerance ?? 0), "\(output.tensor): \(distance)")
            checked += 1
        }
        #expect(checked == variant.outputs.count - 1)
    }

    @Test(arguments: TextGolden.names("bf16"))
    func bfloat16(_ name: String) throws {
        let golden = try TextGolden(name)
        for variant in golden.variants {
            let isRounded = variant.name == "bf16"
            let model = try golden.model(isRounded ? .automatic : .float32)
            #expect(model.precision == (isRounded ? .bfloat16 : .float32))
            let logits = try golden.textRows(variant).flatMap { try model.logits(of: $0) }
                .flatMap { $0 }
            guard isRounded else {
                let output = try #require(variant.outputs.first)
                let distance = largestDistance(logits, try golden.floats(output.tensor))
                #expect(distance <= (output.tolerance ?? 0), "\(distance)")
                continue
            }
            let exact = try golden.floats("bf16.exactLogits")
            let mean = zip(logits, exact).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(exact.count)
            for output in variant.outputs {
                if let bound = output.errorReference, let meanBound = output.meanReference {
                    #expect(largestDistance(logits, exact) <= 1.5 * bound)
                    #expect(mean <= 1.25 * meanBound, "\(mean)")
                }
            }
        }
    }
}
