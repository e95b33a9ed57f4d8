import Testing

@Suite struct BenchmarkTests {
    static let small = [
        "--preset", "demo", "--batch", "3", "--seconds", "0.01", "--set", "hidden_size=8",
        "--set", "halt_max_steps=2", "--workers", "2",
    ]

    @Test(arguments: ["float32", "bfloat16"])
    func measuresInferenceAndTraining(precision: String) throws {
        try Workbench.use { bench in
            let result = try bench.hrm(
                ["benchmark", "--json", "--precision", precision] + Self.small)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.isEmpty)
            let report = try result.json
            for key in [
                "peak_bf16_gflops", "peak_fp32_gflops", "inference_gflops", "training_gflops",
                "inference_peak_share", "training_peak_share", "inference_sequences_per_second",
                "training_sequences_per_second", "peak_rss_bytes",
            ] {
                #expect((report[key] as? Double ?? 0) > 0, "\(key)")
            }
            #expect(report["precision"] as? String == precision)
            #expect(report["batch"] as? Int == 3)
            #expect(report["kernels"] as? String != nil)
            let shares = try #require(report["training_operations"] as? [String: Double])
            #expect(shares.count == 10)
            #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
        }
    }

    @Test func theBatchIsThatOfTheSettingsUnlessAnOptionNamesIt() throws {
        try Workbench.use { bench in
            func batch(_ more: String...) throws -> Int? {
                let result = try bench.hrm(
                    [
                        "benchmark", "--json", "--preset", "demo", "--seconds", "0.001", "--set",
                        "hidden_size=8", "--set", "halt_max_steps=1", "--workers", "1",
                    ] + more)
                #expect(result.status == 0, "\(result.errors)")
                return try result.json["batch"] as? Int
            }
            let found = [
                try batch("--set", "global_batch_size=5"),
                try batch("--set", "global_batch_size=5", "--batch", "2"), try batch(),
            ]
            #expect(found == [5, 2, 32])
        }
    }

    @Test func printsTables() throws {
        try Workbench.use { bench in
            let result = try bench.hrm(["benchmark"] + Self.small)
            #expect(result.status == 0, "\(result.errors)")
            for text in ["peak loop, bfloat16", "step of training", "weight_gradients", " MB"] {
                #expect(result.output.contains(text), "\(result.output)")
            }
            #expect(result.errors.contains("Measuring training"))
        }
    }

    @Test func refusesWhatCannotBeMeasured() throws {
        try Workbench.use { bench in
            for (arguments, message) in [
                (["--batch", "0"], "--batch is 0"), (["--seconds", "0"], "--seconds is 0"),
                (["--set", "hidden_size=7"], "num_heads=4"),
                (["--preset", "sudoku"], "--preset"),
            ] {
                let result = try bench.hrm(["benchmark"] + arguments + ["--preset", "demo"])
                #expect(result.status != 0)
                #expect(result.errors.contains(message), "\(result.errors)")
            }
        }
    }
}
