import Foundation
import Testing

@Suite struct BadCheckpointTests {
    @Test func damagedFiles() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let sound = try bench.bytes("run/model.safetensors")
            let before = try bench.listing()
            for damage in CheckpointDamage.allCases {
                try damage.applied(to: sound).write(to: bench.url("run/model.safetensors"))
                let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data")
                expectFailure(evaluated, mentioning: "run", damage.problem)
                let solved = try bench.hrm(
                    "solve", "--checkpoint", "run/model.safetensors", EndToEndTests.puzzle)
                expectFailure(solved, mentioning: "model.safetensors", damage.problem)
            }
            #expect(try bench.listing() == before)
        }
    }

    /// With finite but too large weights, no answer is printed, and the message states the cause.
    @Test func weightsThatLetNoNumberOut() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let file = try CheckpointDamage.filled(
                "lm_head.weight", with: 3e38, in: bench.bytes("run/model.safetensors"))
            try file.write(to: bench.url("run/model.safetensors"))
            let model = ["--checkpoint", "run"]
            for more in [[], ["--trace"], ["--halt", "never"], ["--votes", "2"]] {
                expectFailure(
                    try bench.hrm(["solve", EndToEndTests.puzzle] + model + more),
                    mentioning: "results are not finite", "too large, up to 3e+38")
            }
            expectFailure(
                try bench.hrm(["explain", "--data", "data"] + model), mentioning: "not finite")
            for halt in ["converged", "never"] {
                let result = try bench.hrm(
                    ["evaluate", "--data", "data", "--halt", halt] + model)
                #expect(result.status == 1 && result.errors.contains("results are not finite"))
                // The weights and the options are printed before the work begins.
                let lines = result.output.split(separator: "\n")
                #expect(lines.count == 2 && lines[0].hasPrefix("Weights: run/model.safetensors"))
                #expect(lines[1].contains("halting: \(halt)"))
                expectFailure(
                    try bench.hrm(
                        ["evaluate", "--data", "data", "--halt", halt, "--json"] + model),
                    mentioning: "not finite")
            }
        }
    }

    @Test func foldersThatAreNoRun() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let folder = try bench.hrm("evaluate", "--checkpoint", "data", "--data", "data")
            expectFailure(folder, mentioning: "data", "not a run folder")
            let missing = try bench.hrm("solve", "--checkpoint", "none", EndToEndTests.puzzle)
            expectFailure(missing, mentioning: "none")
        }
    }
}

/// The kinds of damage to a checkpoint.
enum CheckpointDamage: CaseIterable {
    case empty, truncated, overlapping, overlong, missingTensor, otherShape

    /// The expected words of the message.
    var problem: String {
        switch self {
        case .empty, .truncated, .overlong: "truncated"
        case .overlapping: "overlaps"
        case .missingTensor, .otherShape: "lm_head.weight"
        }
    }

    /// Returns a file in which all elements of a float32 tensor have the same value.
    static func filled(_ name: String, with value: Float, in file: Data) throws -> Data {
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let object = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
        let header = try #require(object as? [String: Any])
        let key = try #require(header.keys.first { $0.hasSuffix(name) })
        let entry = try #require(header[key] as? [String: Any])
        let offsets = try #require(entry["data_offsets"] as? [Int])
        var bytes = Array(file)
        for place in offsets[0]..<offsets[1] {
            let shift = 8 * UInt32((place - offsets[0]) % 4)
            bytes[8 + length + place] = UInt8(truncatingIfNeeded: value.bitPattern >> shift)
        }
        return Data(bytes)
    }

    func applied(to file: Data) throws -> Data {
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let body = file.dropFirst(8 + length)
        let object = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
        var header = try #require(object as? [String: Any])
        func tensor(_ name: String) throws -> [String: Any] {
            try #require(header[name] as? [String: Any])
        }
        let name = try #require(header.keys.first { $0.hasSuffix("lm_head.weight") })
        switch self {
        case .empty: return Data()
        case .truncated: return file.dropLast(100)
        case .overlapping:
            var second = try tensor("L_init")
            second["data_offsets"] = try tensor("H_init")["data_offsets"]
            header["L_init"] = second
        case .overlong:
            let end = body.count
            for (key, value) in header {
                guard var entry = value as? [String: Any],
                    let offsets = entry["data_offsets"] as? [Int], offsets[1] == end
                else { continue }
                entry["data_offsets"] = [offsets[0], end + 1_000_000]
                entry["shape"] = [(end + 1_000_000 - offsets[0]) / 4]
                header[key] = entry
            }
        case .missingTensor:
            // The bytes get another name, so that the file is otherwise valid.
            header["something"] = header.removeValue(forKey: name)
        case .otherShape:
            var entry = try tensor(name)
            let shape = try #require(entry["shape"] as? [Int])
            entry["shape"] = Array(shape.reversed())
            header[name] = entry
        }
        let text = try JSONSerialization.data(withJSONObject: header)
        return Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }) + text + body
    }
}
