import Foundation
import HRMData
import Testing

@testable import HRMCommand
@testable import HRMFiles
@testable import HRMInference

@Suite struct RunsTests {
    @Test func realRunsAreListed() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let none = try bench.hrm("runs", "data")
            #expect(none.status == 0 && none.output == "There is no run below data.\n")
            let trained = try bench.train(steps: 5, output: "runs/first", "--seed", "7")
            try #require(trained.status == 0, "\(trained.errors)")

            // A run in progress, a run that only seems to be, and a damaged one.
            let files = FileManager.default
            for name in ["quiet", "lost"] {
                try files.copyItem(
                    at: bench.url("runs/first"), to: bench.url("runs/deep/\(name)"),
                    creatingFolder: bench.url("runs/deep"))
            }
            let description = String(
                decoding: try bench.bytes("runs/first/run.json"), as: UTF8.self)
            try bench.write(
                description.replacingOccurrences(of: "\"finished\"", with: "\"running\""),
                to: "runs/deep/quiet/run.json")
            try files.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -7230)],
                ofItemAtPath: bench.url("runs/deep/quiet/metrics.jsonl").path)
            try bench.write("{", to: "runs/deep/lost/run.json")

            let result = try bench.hrm("runs", "runs")
            #expect(result.status == 0 && result.errors.isEmpty)
            let lines = result.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 6, "\(result.output)")
            #expect(lines[0].hasPrefix("run") && lines[0].contains("parameters"))
            #expect(lines[2].hasPrefix("deep/lost") && lines[2].contains("broken"))
            #expect(lines[3].contains("stopped?, 2 h 0"), "\(lines[3])")
            #expect(lines[4].hasPrefix("first ") && lines[4].contains(" finished "))
            #expect(lines[4].contains("26,850") && lines[4].hasSuffix("7  data"), "\(lines[4])")
            #expect(lines[5].hasPrefix("deep/lost is broken: ") && lines[5].contains("run.json"))

            let json = try bench.hrm("runs", "runs", "--json").json
            let runs = try #require(json["runs"] as? [[String: Any]])
            #expect(
                runs.compactMap { $0["run"] as? String } == ["deep/lost", "deep/quiet", "first"])
            #expect(
                runs.compactMap { $0["state"] as? String } == ["broken", "running", "finished"])
            #expect(runs[1]["seems_stopped"] as? Bool == true)
            #expect(runs[2]["steps"] as? Int == 5 && runs[2]["seed"] as? Int == 7)
            let best = try #require(runs[2]["best"] as? [String: Any])
            #expect(best["metric"] as? String == "all.exact_accuracy" && best["step"] as? Int == 5)
            #expect((runs[0]["problem"] as? String)?.contains("run.json") == true)

            expectFailure(try bench.hrm("runs", "none"), mentioning: "none")
        }
    }

    /// A folder with invalid values is reported, and does not hide the others.
    @Test(arguments: [
        ("\"seq_len\" : 16", "\"seq_len\" : 4611686018427387904", "dimensions.seq_len"),
        ("\"vocab_size\" : 6", "\"vocab_size\" : -1", "dimensions.vocab_size"),
        (
            "\"num_puzzle_identifiers\" : 1", "\"num_puzzle_identifiers\" : 9223372036854775807",
            "dimensions.num_puzzle_identifiers"
        ),
        ("\"workers\" : ", "\"workers\" : 2000000", "workers is 2000000"),
        ("\"workers\" : ", "\"workers\" : 922337203685477580", "workers is 922337203685477580"),
        ("\"total_steps\" : 5", "\"total_steps\" : -5", "total_steps is -5"),
        ("\"total_steps\" : 5", "\"total_steps\" : 1e30", "does not fit"),
        ("\"total_steps\" : 5", "\"total_steps\" : 5, \"total_steps\" : 5", "'total_steps' twice"),
    ])
    func aDamagedFolderHidesNone(_ text: String, _ other: String, _ words: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let trained = try bench.train(steps: 5, output: "runs/damaged")
            try #require(trained.status == 0, "\(trained.errors)")
            try FileManager.default.copyItem(
                at: bench.url("runs/damaged"), to: bench.url("runs/sound"))
            let description = String(
                decoding: try bench.bytes("runs/damaged/run.json"), as: UTF8.self)
            let changed = description.replacingOccurrences(of: text, with: other)
            try #require(changed != description, "\(description)")
            try bench.write(changed, to: "runs/damaged/run.json")

            let result = try bench.hrm("runs", "runs")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("damaged is broken: "), "\(result.output)")
            #expect(result.output.contains(words), "\(result.output)")
            #expect(result.output.contains("\nsound "), "\(result.output)")
            let resumed = try bench.hrm("train", "--resume", "runs/damaged", "--steps", "9")
            expectFailure(resumed, mentioning: "run.json", words)
        }
    }

    /// A lock that is not a file neither blocks the list nor creates the file that it links to.
    @Test(arguments: ["mkfifo", "ln -s ../target", "mkdir"])
    func aLockThatIsNoFile(_ command: String) throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let made = try Program.shell("rm run/.lock && \(command) run/.lock", in: bench.folder)
            try #require(made.status == 0, "\(made.errors)")
            let listed = try bench.hrm("runs", "run")
            #expect(listed.status == 0 && listed.output.contains("finished"), "\(listed.errors)")
            let resumed = try bench.hrm("train", "--resume", "run", "--steps", "9")
            #expect(resumed.status == 1)
            #expect(resumed.errors.contains("run/.lock cannot be written: it is "))
            #expect(resumed.errors.contains("remove it"), "\(resumed.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.url("target").path))
        }
    }

    /// The largest step numbers possible in a file.
    @Test(arguments: [Int.max, 1 << 53, -(1 << 53), (1 << 53) + 1, 0])
    func stepsAreDrawnOrRefused(_ step: Int) throws {
        try Workbench.use { bench in
            let bytes =
                EventRecord.framed(
                    RunEvent(wallTime: 1, step: 0, content: RunEvent.currentVersion).encoded)
                + EventRecord.framed(
                    RunEvent(
                        wallTime: 1, step: step,
                        content: .summary([.init(tag: "loss", kind: .scalar(1))])
                    ).encoded)
            try Data(bytes).write(to: bench.url("step.tfevents"))
            for more in [[], ["--svg", "a.svg"], ["--png", "a.png"]] {
                let result = try bench.hrm(["plot", "step.tfevents"] + more)
                if step.magnitude <= 1 << 53 {
                    #expect(result.status == 0, "\(result.errors)")
                } else {
                    expectFailure(result, mentioning: "step.tfevents", "its step is \(step)")
                }
            }
        }
    }

    @Test func samplesOfPredictionsAreDrawn() throws {
        func dataset(length: Int) throws -> PuzzleDataset {
            let tokens = CompactIntegers([UInt8](repeating: 2, count: length))
            return try PuzzleDataset(
                metadata: DatasetMetadata(
                    vocabularySize: 6, sequenceLength: length, groupCount: 1),
                sets: [
                    PuzzleArrays(
                        inputs: tokens, labels: tokens, puzzleIdentifiers: [0],
                        puzzleIndices: [0, 1], groupIndices: [0, 1])
                ])
        }
        let drawing = try #require(SampleBoard(dataset(length: 16)))
        let answer = [Int32](repeating: 2, count: 16)
        let picture = drawing.picture(
            of: Evaluator.Prediction(
                setName: "all", example: 0, puzzleIdentifier: 0, inputs: answer[...],
                labels: [PuzzleBatch.ignoredLabel] + answer.dropFirst(), tokens: answer, qHalt: 1),
            step: 12)
        #expect(picture.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        // Width and height from the file's header.
        let numbers = [16, 20].map { start in
            picture.bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(numbers == [picture.width, picture.height])
        #expect(SampleBoard(try dataset(length: 10_001)) == nil)
    }
}

extension FileManager {
    fileprivate func copyItem(at source: URL, to target: URL, creatingFolder folder: URL) throws {
        try createDirectory(at: folder, withIntermediateDirectories: true)
        try copyItem(at: source, to: target)
    }
}
