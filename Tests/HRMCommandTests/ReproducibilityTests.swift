import Foundation
import Testing

@Suite struct ReproducibilityTests {
    @Test func equalSeedsGiveEqualBytes() throws {
        try Workbench.use { bench in
            try bench.prepare()
            for (run, seed) in [("a", "5"), ("b", "5"), ("c", "6")] {
                let result = try bench.train(
                    steps: 5, output: run, "--seed", seed, "--workers", "2")
                #expect(result.status == 0, "\(result.errors)")
            }
            for file in ["metrics.jsonl", "model.safetensors"] {
                #expect(try bench.bytes("a/\(file)") == bench.bytes("b/\(file)"))
                #expect(try bench.bytes("a/\(file)") != bench.bytes("c/\(file)"))
            }
        }
    }

    @Test func preparationDependsOnTheSeedAlone() throws {
        try Workbench.use { bench in
            for (folder, seed) in [("a", "5"), ("b", "5"), ("c", "6")] {
                let result = try bench.hrm(
                    "prepare", "sudoku", "--generate", "4", "--test-size", "2", "--size", "6",
                    "--augmentations", "2", "--output", folder, "--seed", seed)
                #expect(result.status == 0, "\(result.errors)")
            }
            let inputs = "train/all__inputs.npy"
            #expect(try bench.bytes("a/\(inputs)") == bench.bytes("b/\(inputs)"))
            #expect(try bench.bytes("a/\(inputs)") != bench.bytes("c/\(inputs)"))
        }
    }

    /// The number of workers determines the order in which gradients are summed, and so the last
    /// bits of float32.
    @Test func workersChangeNoMoreThanRounding() throws {
        try Workbench.use { bench in
            try bench.prepare()
            for workers in ["1", "2"] {
                let result = try bench.train(
                    steps: 4, output: "run\(workers)", "--workers", workers)
                #expect(result.status == 0, "\(result.errors)")
            }
            let (one, two) = (try bench.metrics("run1"), try bench.metrics("run2"))
            #expect(one.count == 5 && two.count == 5)
            for (a, b) in zip(one, two) {
                #expect(a.keys.sorted() == b.keys.sorted())
                for (name, value) in a {
                    let x = try #require(value as? Double)
                    let y = try #require(b[name] as? Double)
                    #expect(abs(x - y) <= 1e-5 * max(1, abs(x)), "\(name): \(x), \(y)")
                }
            }
        }
    }
}
