import HRMModel
import HRMTraining
import Testing
import _HRMTestSupport

/// Values that are null, and those that only look like it.
@Suite struct ConfigurationNullTests {
    /// What a file with these lines beside the others comes to.
    private static func read(_ lines: String) throws -> TrainingConfiguration {
        try TrainingConfiguration(yaml: try TinyPuzzles.configuration.yaml() + lines, path: "f")
    }

    private static let optional = [
        "eval_interval", "load_checkpoint", "depth_curriculum", "segment_curriculum",
        "guard.early_stop_accuracy", "arch.grad_applications",
    ]

    @Test(arguments: ["", "~", "null", "Null", "!!null ''", "!!null 3"])
    func nullIsNoValue(_ null: String) throws {
        for key in Self.optional {
            #expect(try Self.read("\(key): \(null)\n") == TinyPuzzles.configuration, "\(key)")
        }
    }

    /// A text is not null, and a variable without a value no wish for new weights.
    @Test(arguments: ["''", "\"\"", "'~'", "\"null\"", "!!str null", "!!str"])
    func textsAreNotNull(_ text: String) {
        for key in Self.optional {
            let error = #expect(throws: ConfigurationFileError.self) {
                try Self.read("\(key): \(text)\n")
            }
            let words = error?.description ?? ""
            #expect(
                words.contains("\(key) is '") && words.contains("write null without quotes"),
                "\(words)")
        }
    }

    @Test func anEmptyAssignmentIsRefused() throws {
        var configuration = TinyPuzzles.configuration
        for key in Self.optional {
            let error = #expect(throws: ConfigurationError.self) {
                try configuration.set("\(key)=")
            }
            #expect(error?.description.contains("null") == true, "\(error?.description ?? "")")
            try configuration.set("\(key)=null")
            try configuration.set("\(key)=~")
        }
        #expect(configuration == TinyPuzzles.configuration)
    }

    @Test func sectionsWithoutAKeySayNothing() throws {
        for text in ["guard:", "guard: ~", "muon: null", "muon:\n  # lr: 1", "defaults: ~"] {
            #expect(try Self.read(text + "\n") == TinyPuzzles.configuration, "\(text)")
        }
        for text in ["guard: ''", "gard:", "muon: 3"] {
            #expect(throws: ConfigurationFileError.self) { try Self.read(text + "\n") }
        }
    }

    /// 010 is 8 to PyYAML, which reads the same files.
    @Test(arguments: ["seed: 010", "muon.steps: 007", "muon.lr: 01", "eval_interval: 010"])
    func aZeroInFrontIsRefused(_ line: String) {
        let error = #expect(throws: ConfigurationFileError.self) { try Self.read(line + "\n") }
        #expect(error?.description.contains("a number of base 8") == true)
    }

    @Test func otherZerosAreRead() throws {
        #expect(
            try Self.read("seed: 0\nmuon.lr: 0.010\nmuon.steps: '05'\n").muon.learningRate == 0.01)
    }

    @Test func sweepsTellNullFromTexts() throws {
        func sweep(_ settings: String) throws -> [String] {
            try SweepFile(
                yaml: """
                    data: d
                    budget: 1e9
                    settings: {\(settings)}
                    experiments:
                    - name: a
                    """, path: "f"
            ).settings
        }
        #expect(
            try sweep("load_checkpoint: ~, grad_applications: ") == [
                "load_checkpoint=null", "grad_applications=null",
            ])
        for text in [
            "load_checkpoint: ''", "load_checkpoint: 'null'", "arch.grad_applications: '~'",
        ] {
            #expect(throws: SweepFileError.self, "\(text)") { try sweep(text) }
        }
    }
}
