import Foundation
import Testing

@Suite struct BadConfigurationTests {
    @Test(arguments: [
        ("hiden_size=16", "hidden_size"), ("hidden_size=31", "num_heads=2 must divide"),
        ("num_heads=16", "even head size"), ("lr=fast", "a number"), ("lr", "key=value"),
        ("halt_max_steps=0", "between 1"), ("epochs=0", "epochs=0"),
    ])
    func setting(assignment: String, problem: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let before = try bench.listing()
            let result = try bench.train(steps: 3, "--set", assignment)
            expectFailure(result, status: 2, mentioning: problem)
            #expect(try bench.listing() == before)
        }
    }

    @Test func file() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let configuration = try String(
                contentsOf: bench.url("run/all_config.yaml"), encoding: .utf8)
            try bench.write(
                configuration.replacingOccurrences(of: "hidden_size", with: "hidden_sise"),
                to: "bad.yaml")
            let before = try bench.listing()
            for (file, problem) in [("bad.yaml", "hidden_sise"), ("none.yaml", "none.yaml")] {
                let result = try bench.hrm(
                    "train", "--data", "data", "--output", "again", "--config", file)
                expectFailure(result, mentioning: file, problem)
            }
            #expect(try bench.listing() == before)
        }
    }

    @Test func commandLine() throws {
        try Workbench.use { bench in
            for arguments in [
                ["train", "--data", "data"], ["train", "--bogus"], ["bogus"],
                ["train", "--data", "d", "--output", "o", "--epochs", "1", "--steps", "1"],
                ["train", "--data", "d", "--output", "o", "--preset", "huge"],
                ["train", "--data", "d", "--output", "o", "--workers", "0"],
                ["train", "--data", "d", "--output", "o", "--minutes", "-1"],
                ["evaluate", "--checkpoint", "r", "--data", "d", "--limit", "0"],
                ["evaluate", "--checkpoint", "r", "--data", "d", "--precision", "int8"],
                ["prepare", "sudoku", "--output", "o"],
                ["prepare", "sudoku", "--generate", "3", "--output", "o"],
                [
                    "prepare", "sudoku", "--train", "a", "--test", "b", "--size", "4", "--output",
                    "o",
                ],
                ["demo", "--size", "9"],
            ] {
                let result = try Program.run(arguments, in: bench.folder)
                expectFailure(result, status: 2, mentioning: "Usage:")
            }
            #expect(try bench.listing().isEmpty)
        }
    }

    @Test func unknownKernels() throws {
        try Workbench.use { bench in
            let result = try bench.hrm("presets", environment: ["HRM_KERNELS": "abacus"])
            expectFailure(result, mentioning: "HRM_KERNELS=abacus")
        }
    }

    @Test func helpAndVersionSucceed() throws {
        try Workbench.use { bench in
            let help = try bench.hrm("--help")
            #expect(help.status == 0)
            for command in ["prepare", "train", "evaluate", "solve", "convert", "demo", "presets"] {
                #expect(help.output.contains("  \(command) "))
                #expect(try bench.hrm(command, "--help").status == 0)
            }
            let version = try bench.hrm("--version")
            #expect(version.status == 0)
            #expect(version.output.split(separator: ".").count == 3)
        }
    }

    @Test func presetsExplainEveryKey() throws {
        try Workbench.use { bench in
            let result = try bench.hrm("presets")
            #expect(result.status == 0)
            for text in ["trm-small", "arch.mlp_t=true", "arch.H_layers=8", "epochs=50000"] {
                #expect(result.output.contains(text), "\(text)")
            }
            let lines = result.output.components(separatedBy: "what it decides")[1]
                .split(separator: "\n").dropFirst(2)
            let keys = lines.filter { !$0.hasPrefix(" ") }
            #expect(keys.count > 60)
            for key in keys {
                let cells = key.components(separatedBy: "  ").filter { !$0.isEmpty }
                #expect(cells.count == 2, "\(key)")
            }
        }
    }
}
