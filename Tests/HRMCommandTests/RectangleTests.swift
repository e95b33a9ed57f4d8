import Foundation
import Testing

/// Boards that are not square, for models whose cells share all weights.
@Suite struct RectangleTests {
    /// Rows of three cells to be mirrored; two rows per puzzle.
    private static let pairs = (0..<24).map { index -> String in
        let cells = (0..<6).map { (index + 3) * 5 >> $0 & 1 == 1 ? "x" : "." }
        let rows = [cells[0..<3].joined(), cells[3..<6].joined()]
        return rows.joined(separator: "/") + ","
            + rows.map { String($0.reversed()) }.joined(separator: "/")
    }

    private static func prepare(_ bench: Workbench) throws {
        try bench.write("input,output\n" + pairs.joined(separator: "\n"), to: "p.csv")
        let result = try bench.hrm(
            "prepare", "grid", "--train", "p.csv", "--alphabet", ".x", "--test-share", "0.2",
            "--output", "data")
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("2×3"), "\(result.output)")
    }

    @Test func aRectangleIsLearned() throws {
        try Workbench.use { bench in
            try Self.prepare(bench)
            let train =
                ["train", "--data", "data", "--preset", "grid-tiny"] + Workbench.tinyShared
            let result = try bench.hrm(train + ["--output", "run", "--steps", "2"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(!result.errors.contains("Note:"), "\(result.errors)")
            let file = String(decoding: try bench.bytes("run/all_config.yaml"), as: UTF8.self)
            #expect(file.contains("board_columns: 3\n"), "\(file)")
            let resumed = try bench.hrm("train", "--resume", "run", "--steps", "4")
            #expect(resumed.status == 0, "\(resumed.errors)")
            let evaluated = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--halt", "never", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            let solved = try bench.hrm(
                "solve", "--checkpoint", "run/model.safetensors", "--halt", "never", "x../.x.")
            #expect(solved.status == 0, "\(solved.errors)")
            // Weights for one board fit another.
            let further = try bench.hrm(
                "train", "--data", "data", "--from-weights", "run", "--output", "more", "--steps",
                "1")
            #expect(further.status == 0, "\(further.errors)")

            expectFailure(
                try bench.hrm(
                    train + ["--output", "b", "--steps", "1", "--set", "relations=row,box"]),
                mentioning: "has boxes, and a board of 2 rows and 3 columns has none")
            expectFailure(
                try bench.hrm(
                    train + ["--output", "b", "--steps", "1", "--set", "board_columns=4"]),
                mentioning: "board_columns=4 is no row of a board of the data's 6 cells")
            #expect(!FileManager.default.fileExists(atPath: bench.url("b").path))
        }
    }

    @Test func aSweepTakesTheShapeOfTheData() throws {
        try Workbench.use { bench in
            try Self.prepare(bench)
            try bench.write(
                """
                data: data
                preset: grid-tiny
                budget: 1e8
                seeds: 1
                evaluation: {points: 1, limit: 2}
                settings:
                  hidden_size: 16
                  expansion: 1
                  halt_max_steps: 2
                  global_batch_size: 4
                  forward_dtype: float32
                  interleaved_batches: 1
                  lr_warmup_steps: 1
                experiments:
                - name: plain
                """, to: "sweep.yaml")
            let command = ["sweep", "sweep.yaml", "--output", "out"]
            let result = try bench.hrm(command)
            #expect(result.status == 0, "\(result.errors)")
            let file = String(
                decoding: try bench.bytes("out/runs/plain-seed0/all_config.yaml"), as: UTF8.self)
            #expect(file.contains("board_columns: 3\n"), "\(file)")
            #expect(try bench.hrm(command).status == 0)
        }
    }

    /// Mazes of a different shape from those that the weights were trained on.
    @Test func weightsForSquaresFitRectangles() throws {
        try Workbench.use { bench in
            let prepared = try bench.hrm(
                "prepare", "maze", "--size", "5", "--columns", "6", "--generate", "8",
                "--test-size", "2", "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            let result = try bench.hrm(
                "train", "--data", "data", "--from-weights", "maze-9x9", "--output", "run",
                "--steps", "1", "--set", "global_batch_size=2", "--set", "halt_max_steps=1",
                "--set", "interleaved_batches=1")
            #expect(result.status == 0, "\(result.errors)")
            let file = String(decoding: try bench.bytes("run/all_config.yaml"), as: UTF8.self)
            #expect(file.contains("board_columns: 6\n"), "\(file)")
        }
    }
}
