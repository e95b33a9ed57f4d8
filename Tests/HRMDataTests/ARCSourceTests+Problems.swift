import Foundation
import HRMData
import Testing
import _HRMTestSupport

/// Unreadable files, tasks that are refused or noted, and a selection of tasks.
extension ARCSourceTests {
    @Test func compressedFilesAreNamed() throws {
        let packed = String(decoding: [0x1F, 0x00] as [UInt8], as: UTF8.self)
        let only = Self.error(["a/x_challenges.json.gz": packed])
        guard case .onlyCompressed(let file)? = only?.problem else {
            Issue.record("\(String(describing: only))")
            return
        }
        #expect(file.hasSuffix("x_challenges.json.gz"))
        #expect(only?.description.contains("gunzip") == true)
        let beside = try Self.read([
            "a/x.json.gz": packed, "a/task0.json": ARCSamples.json(Self.samples[0]),
        ])
        #expect(beside.entries.count == 1)
        #expect(beside.remarks.count == 1)
        try withScratchFolder { folder in
            for name in ["t.json", "t.json.gz"] {
                let url = folder.appendingPathComponent(name)
                try Data([0x1F, 0x8B, 0x08, 0, 0, 0]).write(to: url)
                #expect {
                    try ARCTaskCollection(sources: [url])
                } throws: {
                    "\($0)".contains("gunzip")
                }
            }
        }
    }

    /// Decoders treat two encodings of the same characters as one name.
    @Test func namesEqualAfterDecodingAreRefused() {
        let task = ARCSamples.json(Self.samples[0])
        for name in ["e\u{301}", "\\u00e9", "\u{E9}"] {
            let error = Self.error([
                "x_challenges.json": "{\"\u{E9}\": \(task), \"\(name)\": \(task)}"
            ])
            guard case .duplicateTask(_, other: "")? = error?.problem else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
        for text in [
            #"{"train": [{"input": [[1]], "output": [[1]], "input": [[2]]}], "test": []}"#,
            #"{"train": [], "test": [], "train": []}"#,
        ] {
            guard case .notJSON(let reason)? = Self.error(["t.json": text])?.problem else {
                Issue.record("\(text)")
                continue
            }
            #expect(reason.contains("twice"))
        }
    }

    @Test func contradictoryPairsAreNoted() throws {
        var task = Self.samples[0]
        task.demonstrations[2].input = task.demonstrations[0].input
        var same = Self.samples[1]
        same.demonstrations[2] = same.demonstrations[0]
        let collection = try Self.read([
            "a.json": ARCSamples.json(task), "b.json": ARCSamples.json(same),
        ])
        #expect(collection.remarks == [.contradictory(task: "a", pairs: [1, 3])])
    }

    @Test func tasksCanBeChosen() throws {
        var collection = try Self.read(
            Self.combined(
                Self.pair(Self.samples[0..<4], "x"), Self.pair(Self.samples[4..<6], "test")))
        try collection.keep(only: ["task5", "task1"])
        #expect(collection.entries.map(\.task.name) == ["task5", "task1"])
        #expect(Self.measured(collection) == ["task5"])
        #expect {
            try collection.keep(only: ["task1", "nothing\u{1B}"])
        } throws: { error in
            "\(error)".contains("none is named nothing<U+1B>")
        }
    }

    @Test func errorsDoNotSteerTheTerminal() {
        let task = ARCSamples.json(Self.samples[0])
        for text in [
            #"{"\u001b[31m": \#(task), "\u001b[31m": \#(task)}"#,
            #"{"\u001b]0;x\u0007": \#(task)}"#,
            #"{"\u202Ea": {"train": [], "test": []}}"#,
        ] {
            let error = Self.error(["x_challenges.json": text])
            let words = error?.description ?? "\u{1B}"
            #expect(
                !words.contains("\u{1B}") && !words.contains("\u{7}"), "\(words.debugDescription)")
            #expect(!words.contains("\u{202E}"), "\(words.debugDescription)")
        }
    }
}
