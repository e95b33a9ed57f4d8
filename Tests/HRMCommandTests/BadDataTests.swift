import Foundation
import Testing

/// Every problem of the data gives a clear line and status 1, and nothing is written.
@Suite struct BadDataTests {
    private static let good = "a,1...3..2.1..4..1,1234341221434321,0"

    @Test(arguments: [
        ("a,1...3..2.1..4..1,1234341221434321", "fields"),
        ("a,1...3..2.y..4..1,1234341221434321,0", "'y' in row 3, column 2"),
        ("a,1...3..2.1..4..1,1234341221434312,0", "twice"),
        (
            "a,1...3..2.1..4..1,4321213434121243,0",
            "the question has 1 in row 1, column 1, the answer has 4"
        ),
        ("a,1...3..2.1..4..,1234341221434321,0", "cells"),
    ])
    func csv(line: String, problem: String) throws {
        try Workbench.use { bench in
            try bench.write("\(Self.good)\n\(line)\n", to: "bad.csv")
            try bench.write("\(Self.good)\n", to: "good.csv")
            let before = try bench.listing()
            for (train, test) in [("bad.csv", "good.csv"), ("good.csv", "bad.csv")] {
                let result = try bench.hrm(
                    "prepare", "sudoku", "--train", train, "--test", test, "--output", "data")
                expectFailure(result, mentioning: "bad.csv, line 2", problem)
            }
            #expect(try bench.listing() == before)
        }
    }

    @Test func missingCSV() throws {
        try Workbench.use { bench in
            try bench.write("\(Self.good)\n", to: "good.csv")
            let result = try bench.hrm(
                "prepare", "sudoku", "--train", "none.csv", "--test", "good.csv", "--output", "x/y")
            expectFailure(result, mentioning: "none.csv")
            #expect(try bench.listing() == ["good.csv"])
        }
    }

    @Test(arguments: ["train", "test"], ArrayDamage.allCases)
    func array(split: String, damage: ArrayDamage) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let path = "data/\(split)/all__inputs.npy"
            try damage.apply(to: bench.url(path))
            let before = try bench.listing()
            let trained = try bench.train()
            expectFailure(trained, mentioning: path)
            #expect(try bench.listing() == before)
        }
    }

    @Test func folderWithoutData() throws {
        try Workbench.use { bench in
            expectFailure(
                try bench.train(), mentioning: "there is no folder", "data", "'hrm prepare' makes")
            expectFailure(
                try bench.hrm("inspect", "data"), mentioning: "no folder", "'hrm prepare' makes")
            #expect(try bench.listing().isEmpty)
            try FileManager.default.createDirectory(
                at: bench.url("data"), withIntermediateDirectories: true)
            try bench.write("", to: "data/notes.txt")
            for arguments in [
                ["train", "--data", "data", "--output", "run"], ["inspect", "data"],
                ["evaluate", "--checkpoint", "sudoku-4x4", "--data", "data"],
                ["explain", "--checkpoint", "sudoku-4x4", "--data", "data"],
            ] {
                expectFailure(
                    try bench.hrm(arguments),
                    mentioning: "data is no data folder", "'hrm prepare' makes")
            }
            expectFailure(
                try bench.hrm(
                    "prepare", "sudoku", "--train", "data", "--test", "data", "--output", "new"),
                mentioning: "data", "it is a folder, not a file")
            #expect(try bench.listing() == ["data", "data/notes.txt"])
        }
    }

    @Test func batchThatCannotBeFilled() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try FileManager.default.removeItem(at: bench.url("data/test"))
            let before = try bench.listing()
            let result = try bench.hrm(
                "train", "--data", "data", "--output", "run", "--epochs", "1", "--set",
                "global_batch_size=1000")
            expectFailure(result, mentioning: "global_batch_size")
            #expect(try bench.listing() == before)
        }
    }

    @Test func dataOfAnotherSize() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let prepared = try bench.hrm(
                "prepare", "sudoku", "--generate", "4", "--test-size", "2", "--size", "6",
                "--output", "six")
            #expect(prepared.status == 0)
            let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "six")
            expectFailure(evaluated, mentioning: "length 36", "length 16")

            try FileManager.default.removeItem(at: bench.url("data/test"))
            try FileManager.default.moveItem(
                at: bench.url("six/test"), to: bench.url("data/test"))
            let trained = try bench.train(output: "again")
            expectFailure(trained, mentioning: "length 36", "length 16")
            #expect(try !bench.listing().contains { $0.hasPrefix("again") })
        }
    }

    @Test func impossiblePuzzles() throws {
        try Workbench.use { bench in
            let generate = [
                "prepare", "sudoku", "--generate", "5", "--test-size", "5", "--output", "d",
            ]
            for (more, word) in [
                (["--size", "5"], "4, 6, 8 or 9"), (["--size", "4", "--givens", "3"], "3 givens"),
            ] {
                let result = try Program.run(generate + more, in: bench.folder)
                expectFailure(result, status: 2, mentioning: word)
            }
            // With an unreachable rating, the search reports its progress and ends.
            let rating = try Program.run(
                generate + ["--size", "4", "--min-rating", "99"], in: bench.folder)
            #expect(rating.status == 1 && rating.output.isEmpty)
            #expect(rating.errors.contains("99 guesses"), "\(rating.errors)")
            #expect(try bench.listing().isEmpty)
        }
    }
}

/// The kinds of damage to an array's file.
enum ArrayDamage: String, CaseIterable {
    case missing, truncated, wrongType

    func apply(to url: URL) throws {
        switch self {
        case .missing: try FileManager.default.removeItem(at: url)
        case .truncated:
            let bytes = try Data(contentsOf: url)
            try bytes.prefix(bytes.count - 5).write(to: url)
        case .wrongType:
            var damaged = try Data(contentsOf: url)
            let type = try #require(damaged.range(of: Data("|u1".utf8)))
            damaged.replaceSubrange(type, with: Data("<f8".utf8))
            try damaged.write(to: url)
        }
    }
}
