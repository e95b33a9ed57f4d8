import Foundation
import Testing

@Suite struct BadOutputTests {
    @Test func existingFolders() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let before = try bench.listing()
            let weights = try bench.bytes("run/model.safetensors")
            expectFailure(try bench.train(output: "run"), mentioning: "run", "exists already")
            expectFailure(try bench.train(output: "data"), mentioning: "data", "exists already")
            let prepared = try bench.hrm(
                "prepare", "sudoku", "--generate", "5", "--test-size", "5", "--size", "4",
                "--output", "data")
            expectFailure(prepared, mentioning: "data", "exists already")
            let demo = try bench.hrm("demo", "--output", "run")
            expectFailure(demo, mentioning: "run", "exists already")
            #expect(try bench.listing() == before)
            #expect(try bench.bytes("run/model.safetensors") == weights)
        }
    }

    /// A file in place of a folder stops the superuser as well.
    @Test func placesThatCannotBeWritten() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try bench.write("", to: "file")
            let before = try bench.listing()
            expectFailure(try bench.train(output: "file/run"), mentioning: "file/run")
            let prepared = try bench.hrm(
                "prepare", "sudoku", "--generate", "5", "--test-size", "5", "--size", "4",
                "--output", "file/data")
            expectFailure(prepared, mentioning: "file/data")
            #expect(try bench.listing() == before)
        }
    }
}
