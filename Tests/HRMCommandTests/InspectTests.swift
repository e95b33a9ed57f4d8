import Foundation
import Testing

@testable import HRMCommand

@Suite struct InspectTests {
    @Test func soundFolder() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let before = try bench.listing()
            let result = try bench.hrm("inspect", "data", "--examples", "2")
            #expect(result.status == 0)
            #expect(result.errors.isEmpty)
            for words in [
                "examples", " 36 ", "augmentations a group",
                "group 0, example 0", "group 6, example 18", "Nothing is wrong with this folder.",
                "blank", "│",
            ] {
                #expect(result.output.contains(words), "\(result.output) lacks \(words)")
            }
            #expect(!result.output.contains("\u{1B}"))
            #expect(try bench.listing() == before)
        }
    }

    @Test func json() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try bench.hrm(
                "inspect", "data", "--json", "--split", "test", "--group", "3")
            #expect(result.status == 0 && result.errors.isEmpty)
            #expect(result.output.split(separator: "\n").count == 1)
            let object = try result.json
            #expect((object["violations"] as? [Any])?.isEmpty == true)
            let splits = try #require(object["splits"] as? [[String: Any]])
            #expect(splits.compactMap { $0["split"] as? String } == ["train", "test"])
            let set = try #require((splits[1]["sets"] as? [[String: Any]])?.first)
            #expect(set["groups"] as? Int == 10)
            #expect((set["label_tokens"] as? [String: Int])?.values.reduce(0, +) == 160)
            #expect((splits[0]["examples"] as? [Any])?.isEmpty == true)
            let examples = try #require(splits[1]["examples"] as? [[String: Any]])
            #expect(examples.count == 1)
            #expect(examples[0]["group"] as? Int == 3)
            #expect((examples[0]["input"] as? [Int])?.count == 16)
        }
    }

    @Test func pictures() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let arguments = ["inspect", "data", "--json", "--svg", "a.svg", "--png", "a.png"]
            for _ in 0..<2 {
                let result = try Program.run(arguments, in: bench.folder)
                #expect(result.status == 0, "\(result.errors)")
            }
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
            #expect(svg.components(separatedBy: "<g transform").count == 1 + 2 * 4)
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(try bench.listing().filter { $0.hasPrefix(".") }.isEmpty)

            let bad = try bench.hrm("inspect", "data", "--svg", "none/a.svg")
            expectFailure(bad, mentioning: "none/a.svg")
        }
    }

    @Test func damagedFolder() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try ArrayDamage.truncated.apply(to: bench.url("data/train/all__inputs.npy"))
            try ArrayDamage.missing.apply(to: bench.url("data/test/all__group_indices.npy"))
            let result = try bench.hrm("inspect", "data")
            #expect(result.status == 1)
            #expect(result.errors.isEmpty)
            #expect(result.output.contains("2 things are wrong with this folder:"))
            #expect(result.output.contains("data/train/all__inputs.npy is truncated"))
            #expect(result.output.contains("data/test/all__group_indices.npy cannot be read"))

            let json = try bench.hrm("inspect", "data", "--json")
            #expect(json.status == 1)
            #expect((try json.json["violations"] as? [[String: Any]])?.count == 2)

            let drawn = try bench.hrm("inspect", "data", "--svg", "a.svg")
            expectFailure(drawn, mentioning: "no example to draw")
            #expect(try !bench.listing().contains("a.svg"))
        }
    }

    @Test func namesDoNotSteerTheTerminal() {
        #expect(InspectionPictures.printable("a\u{1B}[2J\n\u{9B}b") == "a?[2J??b")
        #expect(InspectionPictures.printable(String(repeating: "x", count: 99))?.count == 40)
        #expect(InspectionPictures.printable("") == nil && InspectionPictures.printable(nil) == nil)
    }

    @Test func badRequests() throws {
        try Workbench.use { bench in
            try bench.prepare()
            expectFailure(try bench.hrm("inspect", "none"), mentioning: "none")
            expectFailure(
                try bench.hrm("inspect", "data/train"), mentioning: "data/train", "no data folder")
            expectFailure(
                try bench.hrm("inspect", "data", "--split", "dev"), mentioning: "'dev'", "train")
            expectFailure(
                try bench.hrm("inspect", "data", "--group", "12"), mentioning: "12 groups")
            for arguments in [
                ["--examples", "101"], ["--group", "-1"], ["--examples", "0", "--png", "a.png"],
            ] {
                let result = try Program.run(["inspect", "data"] + arguments, in: bench.folder)
                #expect(result.status == 2)
            }
        }
    }
}
