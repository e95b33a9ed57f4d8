import Foundation
import HRMFiles
import HRMModel
import HRMTraining
import Testing
import _HRMTestSupport

@Suite struct RunFolderTests {
    static let description = RunDescription(
        packageVersion: "0.1.0", seed: .max, workers: 2, kernelPath: "avx512", dataPath: "data/x",
        dimensions: PuzzleDimensions(
            vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1),
        dataFingerprint: "00ff", totalSteps: 10)

    @Test func aNewFolderIsMadeWithThoseAbove() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("runs/first")
            let folder = try RunFolder.create(at: url)
            #expect(try names(in: url).isEmpty)
            #expect(
                throws: RunFolderError.notARun(path: url.path, missingFile: "all_config.yaml")
            ) { try RunFolder.open(url) }
            try folder.write(Preset.demo.configuration)
            try folder.write(Self.description)
            #expect(
                throws: RunFolderError.notARun(path: url.path, missingFile: "model.safetensors")
            ) { try RunFolder.open(url) }
            try SafetensorsFile().write(to: folder.checkpointURL)
            let opened = try RunFolder.open(url)
            #expect(try opened.configuration() == Preset.demo.configuration)
            #expect(try opened.description() == Self.description)
            #expect(
                try names(in: url) == ["all_config.yaml", "model.safetensors", "run.json"])
        }
    }

    @Test func anExistingNameIsRefused() throws {
        try withScratchFolder { root in
            let file = root.appendingPathComponent("file")
            try Data([1]).write(to: file)
            for url in [root, file] {
                #expect(throws: RunFolderError.alreadyExists(path: url.path)) {
                    try RunFolder.create(at: url)
                }
            }
            #expect(try Data(contentsOf: file) == Data([1]))
            let below = file.appendingPathComponent("run")
            let error = #expect(throws: RunFolderError.self) { try RunFolder.create(at: below) }
            guard case .file(let inner)? = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(inner.operation == .write && inner.path == below.path)
        }
    }

    @Test func theFormOfTheDescription() throws {
        try withScratchFolder { root in
            let folder = try RunFolder.create(at: root.appendingPathComponent("run"))
            try folder.write(Self.description)
            #expect(
                try String(contentsOf: folder.descriptionURL, encoding: .utf8) == """
                    {
                      "data_fingerprint" : "00ff",
                      "data_path" : "data/x",
                      "dimensions" : {
                        "num_puzzle_identifiers" : 1,
                        "seq_len" : 81,
                        "vocab_size" : 11
                      },
                      "kernel_path" : "avx512",
                      "package_version" : "0.1.0",
                      "seed" : 18446744073709551615,
                      "state" : "running",
                      "total_steps" : 10,
                      "workers" : 2
                    }

                    """)
        }
    }

    @Test(arguments: [
        ("{}", "the key "), ("[", "it is not valid JSON"), ("", "it is not valid JSON"),
        (
            #"{"package_version":"1","seed":0,"workers":"two"}"#,
            "'workers' is not a whole number"
        ),
        (
            #"{"package_version":"1","seed":0,"workers":1,"kernel_path":"","data_path":"","#
                + #""dimensions":{"num_puzzle_identifiers":1,"seq_len":1,"vocab_size":1},"#
                + #""data_fingerprint":"","total_steps":1,"state":"gone"}"#,
            "'state' has a value that is not known"
        ),
        (
            #"{"package_version":"1","seed":0,"workers":20000000,"kernel_path":"","data_path":"","#
                + #""dimensions":{"num_puzzle_identifiers":1,"seq_len":1,"vocab_size":1},"#
                + #""data_fingerprint":"","total_steps":1,"state":"running"}"#,
            "workers is 20000000, and only 1 to 16777216 can be"
        ),
        (
            #"{"package_version":"1","seed":0,"workers":1,"kernel_path":"","data_path":"","#
                + #""dimensions":{"num_puzzle_identifiers":1,"seq_len":1,"vocab_size":1},"#
                + #""data_fingerprint":"","total_steps":1,"evaluation_limit":-3,"state":"running"}"#,
            "evaluation_limit is -3"
        ),
    ])
    func damagedDescriptionsAreExplained(_ json: String, _ words: String) throws {
        try withScratchFolder { root in
            let folder = try RunFolder.create(at: root.appendingPathComponent("run"))
            try Data(json.utf8).write(to: folder.descriptionURL)
            let error = #expect(throws: RunFolderError.self) { try folder.description() }
            guard case .malformedDescription(folder.descriptionURL.path, let reason)? = error
            else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(reason.hasPrefix(words), "\(reason)")
        }
    }
}
