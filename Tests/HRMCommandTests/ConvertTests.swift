import Foundation
import Testing

@Suite struct ConvertTests {
    @Test func aRunGoesToPyTorchAndBack() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let there = try bench.hrm("convert", "run", "--output", "reference/step_3")
            expectFailure(there, mentioning: "step_3", "No such file")
            try FileManager.default.createDirectory(
                at: bench.url("reference"), withIntermediateDirectories: false)
            let again = try bench.hrm("convert", "run", "--output", "reference/step_3")
            #expect(again.status == 0, "\(again.errors)")
            #expect(
                try bench.listing().filter { $0.hasPrefix("reference/") } == [
                    "reference/all_config.yaml", "reference/step_3",
                ])
            #expect(
                try bench.bytes("reference/all_config.yaml") == bench.bytes("run/all_config.yaml"))

            // The configuration beside the file is found.
            let back = try bench.hrm(
                "convert", "reference/step_3", "--output", "back.safetensors", "--data", "data")
            #expect(back.status == 0, "\(back.errors)")
            #expect(back.output.contains("A puzzle has 16 tokens of 6 kinds"))
            #expect(back.output.contains("Puzzle embedding: its row is kept."))
            #expect(try bench.bytes("back.safetensors") == bench.bytes("run/model.safetensors"))
            let results = try ["run", "back.safetensors"].map { checkpoint in
                try bench.hrm("solve", "--checkpoint", checkpoint, EndToEndTests.puzzle)
            }
            #expect(results[0].status == 0)
            #expect(results[0].output == results[1].output)
        }
    }

    /// Half the size with the same answers: a model that computes in bfloat16 rounds its weights
    /// anyway.
    @Test func weightsCanBeStoredInBFloat16() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let small = try bench.hrm(
                "convert", "run", "--output", "small.safetensors", "--weights", "bfloat16")
            #expect(small.status == 0, "\(small.errors)")
            let sizes = try ["small.safetensors", "run/model.safetensors"].map {
                try bench.bytes($0).count
            }
            #expect(sizes[0] < sizes[1] * 6 / 10)
            let results = try ["run", "small.safetensors"].map { checkpoint in
                try bench.hrm(
                    "solve", "--checkpoint", checkpoint, "--precision", "bfloat16",
                    EndToEndTests.puzzle)
            }
            #expect(results[0].status == 0)
            #expect(results[0].output.prefix(16) == results[1].output.prefix(16))
            expectFailure(
                try bench.hrm("convert", "run", "--output", "a.pt", "--weights", "bfloat16"),
                status: 2, mentioning: "--weights is for safetensors files")
        }
    }

    @Test func namesAreChosen() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            for (names, prefix) in [
                ("reference", "model.inner."), ("compiled", "_orig_mod.model.inner."), ("bare", ""),
            ] {
                let result = try bench.hrm(
                    "convert", "run", "--output", "\(names).pt", "--names", names)
                #expect(result.status == 0, "\(result.errors)")
                // The length of the name precedes it in the pickle.
                let name = "\(prefix)H_init"
                let text = Data([UInt8(ascii: "X"), UInt8(name.utf8.count), 0, 0, 0] + name.utf8)
                #expect(try bench.bytes("\(names).pt").range(of: text) != nil, "\(names)")
                let back = try bench.hrm(
                    "convert", "\(names).pt", "--config", "run/all_config.yaml", "--output",
                    "\(names).safetensors", "--sequence-length", "16")
                #expect(back.status == 0, "\(back.errors)")
            }
            let sound = try bench.bytes("run/model.safetensors")
            for names in ["reference", "compiled", "bare"] {
                #expect(try bench.bytes("\(names).safetensors") == sound)
            }
        }
    }

    @Test func rowsAreReset() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let result = try bench.hrm(
                "convert", "run", "--output", "new.safetensors", "--data", "data",
                "--puzzle-embedding", "reset")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("Puzzle embedding: reset; the mean of 1 row is"))
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "new.safetensors", "--data", "data",
                "--json")
            #expect(try evaluated.json["count"] as? Int == 10)
        }
    }

    @Test func nothingIsOverwrittenUnasked() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            try bench.write("mine", to: "model.pt")
            try bench.write("mine", to: "all_config.yaml")
            let refused = try bench.hrm("convert", "run", "--output", "model.pt")
            expectFailure(refused, mentioning: "model.pt exists already", "--overwrite")
            #expect(try bench.bytes("model.pt") == Data("mine".utf8))
            let allowed = try bench.hrm("convert", "run", "--output", "model.pt", "--overwrite")
            #expect(allowed.status == 0, "\(allowed.errors)")
            #expect(try bench.bytes("model.pt").count > 1000)
            #expect(allowed.output.contains("all_config.yaml lies there already"))
            #expect(try bench.bytes("all_config.yaml") == Data("mine".utf8))
        }
    }

    @Test func badInputsAreRefusedAndLeaveNothing() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            _ = try bench.hrm("convert", "run", "--output", "run/step_3")
            let sound = try bench.bytes("run/step_3")
            try bench.write("not a checkpoint", to: "text.pt")
            try Data([0x80, 2, 0x8A]).write(to: bench.url("old.pt"))
            try sound.dropLast(200).write(to: bench.url("run/short.pt"))
            try sound.write(to: bench.url("lonely.pt"))
            try bench.write(
                String(contentsOf: bench.url("run/all_config.yaml"), encoding: .utf8)
                    .replacingOccurrences(of: "L_layers: 1", with: "L_layers: 2"),
                to: "deep.yaml")
            let before = try bench.listing()
            func refused(_ input: String, _ more: String...) throws -> Program.Result {
                try bench.hrm(["convert", input, "--output", "out.safetensors"] + more)
            }
            expectFailure(try refused("none.pt"), mentioning: "none.pt", "No such file")
            expectFailure(try refused("data"), mentioning: "not a run folder")
            expectFailure(try refused("text.pt"), mentioning: "text.pt is text", "safetensors")
            expectFailure(
                try refused("data/train"), mentioning: "not a run folder")
            expectFailure(try refused("old.pt"), mentioning: "old.pt", "before version 1.6")
            expectFailure(
                try refused("run/short.pt"), mentioning: "short.pt", "is the file complete?")
            expectFailure(try refused("lonely.pt"), mentioning: "lonely.pt", "--config")
            expectFailure(
                try refused("run/model.safetensors", "--config", "deep.yaml"),
                mentioning: "its own configuration")
            expectFailure(
                try refused("lonely.pt", "--config", "deep.yaml"),
                mentioning: "missing 'L_level.layers.1.mlp.down_proj.weight', "
                    + "'L_level.layers.1.mlp.gate_up_proj.weight'")
            for arguments in [
                ["run", "--output", "model.bin"], ["run"], ["run", "--output", "folder"],
                ["run", "--output", "a.pt", "--names", "other"],
                ["run", "--output", "a.pt", "--sequence-length", "0"],
                ["run", "--output", "a.pt", "--puzzle-embedding", "mean"],
                ["run", "--output", "a.pt", "--sequence-length", "16", "--data", "data"],
            ] {
                expectFailure(
                    try bench.hrm(["convert"] + arguments), status: 2, mentioning: "Usage:")
            }
            #expect(try bench.listing() == before)
        }
    }

    /// A PyTorch checkpoint with its settings beside it can be used as a model without conversion.
    @Test func checkpointsOfTheReferenceAreUsedAsTheyLie() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            _ = try bench.hrm(
                "convert", "run", "--output", "run/step_3", "--names", "compiled")
            let solved = try bench.hrm("solve", "--checkpoint", "run", EndToEndTests.puzzle)
            // Rotary positions do not determine the length: 900 cells are assumed for a vocabulary
            // of six.
            let wrong = try bench.hrm("solve", "--checkpoint", "run/step_3", EndToEndTests.puzzle)
            #expect(wrong.status == 1)
            #expect(wrong.errors.contains("puzzles of 900 tokens are assumed"))
            #expect(wrong.errors.contains("'hrm convert' with --data"))

            let learned = try Program.run(
                ["train", "--data", "data", "--output", "learned", "--steps", "2"]
                    + Workbench.tiny + ["--set", "pos_encodings=learned"], in: bench.folder)
            #expect(learned.status == 0, "\(learned.errors)")
            _ = try bench.hrm("convert", "learned", "--output", "learned/step_2")
            let results = try ["learned", "learned/step_2"].map { checkpoint in
                try bench.hrm("solve", "--checkpoint", checkpoint, EndToEndTests.puzzle)
            }
            #expect(results[0].status == results[1].status)
            #expect(!results[0].output.isEmpty && results[0].output == results[1].output)
            #expect(
                results[1].errors.contains(
                    "step_2: PyTorch, settings of the all_config.yaml beside it."))
            let evaluated = try bench.hrm(
                "evaluate", "--checkpoint", "learned/step_2", "--data", "data", "--json")
            #expect(try evaluated.json["count"] as? Int == 10)

            try bench.bytes("learned/step_2").write(to: bench.url("lonely_step"))
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "lonely_step", EndToEndTests.puzzle),
                mentioning: "no all_config.yaml lies beside it", "hrm convert lonely_step --config")
            expectFailure(
                try bench.hrm(
                    "convert", "learned/model.safetensors", "--output", "x.safetensors",
                    "--state-dict", "ema"),
                mentioning: "leave out --state-dict")
            _ = solved
        }
    }

    /// The output states the origin of an assumed length, and the mismatch.
    @Test func assumptionsAreSaid() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            _ = try bench.hrm("convert", "run", "--output", "run/step_3")
            let guessed = try bench.hrm("convert", "run/step_3", "--output", "maze.safetensors")
            #expect(guessed.status == 0, "\(guessed.errors)")
            #expect(
                guessed.output.contains("A puzzle has 900 tokens of 6 kinds, as the reference's"))
            let asked = try bench.hrm(
                "convert", "run/step_3", "--output", "small.safetensors", "--sequence-length", "16")
            #expect(asked.output.contains("as was asked for"))
        }
    }
}
