import Foundation
import HRMData
import Testing
import _HRMTestSupport

@Suite struct DatasetMetadataTests {
    static let hrmText =
        #"{"pad_id": 0, "ignore_label_id": 0, "blank_identifier_id": 0, "vocab_size": 11, "#
        + #""seq_len": 81, "num_puzzle_identifiers": 1, "total_groups": 3, "#
        + #""mean_puzzle_examples": 1.0, "sets": ["all"]}"#
    static let trmText =
        #"{"seq_len": 900, "vocab_size": 6, "pad_id": 0, "ignore_label_id": 0, "#
        + #""blank_identifier_id": 0, "num_puzzle_identifiers": 1, "total_groups": 1000, "#
        + #""mean_puzzle_examples": 2.727272727272727, "total_puzzles": 1000, "sets": ["all"]}"#
    static let nullText =
        #"{"pad_id": 1, "ignore_label_id": null, "blank_identifier_id": 2, "vocab_size": 4, "#
        + #""seq_len": 5, "num_puzzle_identifiers": 6, "total_groups": 7, "#
        + #""mean_puzzle_examples": 0.1, "sets": ["b", "\u00e9\ud83d\ude00\"\\"]}"#

    @Test(arguments: [hrmText, trmText, nullText])
    func isWrittenAsPythonWritesIt(_ text: String) throws {
        let metadata = try JSONDecoder().decode(DatasetMetadata.self, from: Data(text.utf8))
        #expect(metadata.jsonText == text)
    }

    @Test func keysHaveTheirMeaning() throws {
        let metadata = try JSONDecoder().decode(
            DatasetMetadata.self, from: Data(Self.nullText.utf8))
        #expect(
            metadata
                == DatasetMetadata(
                    padToken: 1, ignoredLabel: nil, blankIdentifier: 2, vocabularySize: 4,
                    sequenceLength: 5, puzzleIdentifierCount: 6, groupCount: 7,
                    meanExamplesPerPuzzle: 0.1, sets: ["b", "é😀\"\\"]))
    }

    @Test func unknownKeysAreTolerated() throws {
        let text = Self.hrmText.dropLast() + #", "comment": [1, {"a": null}]}"#
        let metadata = try JSONDecoder().decode(DatasetMetadata.self, from: Data(text.utf8))
        #expect(metadata.jsonText == Self.hrmText)
    }

    @Test(arguments: [
        ("vocab_size", "0"), ("vocab_size", "-3"), ("seq_len", "99999999999"), ("pad_id", "11"),
        ("pad_id", "-1"), ("ignore_label_id", "4294967296"), ("blank_identifier_id", "1"),
        ("num_puzzle_identifiers", "0"), ("total_groups", "-1"), ("mean_puzzle_examples", "-1"),
        ("mean_puzzle_examples", "1e300"), ("num_puzzle_identifiers", "2147483648"),
        ("seq_len", "4611686018427387904"), ("vocab_size", "9223372036854775807"),
        ("total_groups", "2147483648"), ("total_puzzles", "-1"), ("total_puzzles", "2147483648"),
        ("ignore_label_id", "-9223372036854775808"), ("sets", "[]"), ("sets", #"["../x"]"#),
        ("sets", #"["all", "all"]"#), ("sets", #"[""]"#),
    ])
    func impossibleValuesAreNamed(key: String, value: String) throws {
        try withScratchFolder { folder in
            let split = folder.appendingPathComponent("train")
            try FileManager.default.createDirectory(at: split, withIntermediateDirectories: true)
            var object =
                try JSONSerialization.jsonObject(with: Data(Self.hrmText.utf8)) as? [String: Any]
                ?? [:]
            object[key] = try JSONSerialization.jsonObject(
                with: Data(value.utf8), options: .fragmentsAllowed)
            try JSONSerialization.data(withJSONObject: object).write(
                to: split.appendingPathComponent("dataset.json"))
            #expect {
                try PuzzleDataset(folder: folder, split: "train")
            } throws: { error in
                guard case .invalidMetadata(let path, let found, _, _)? = error as? DatasetError
                else { return false }
                return found == key && path.hasSuffix("train/dataset.json")
            }
        }
    }

    @Test(arguments: [
        ("", "it is not valid JSON"), ("[]", "it is not an object"),
        (#"{"pad_id": 0"#, "it is not valid JSON"), (#"{"pad_id": 0}"#, "is missing"),
        (#"{"pad_id": "0"}"#, "'pad_id' is not a whole number"),
        (#"{"pad_id": 0.5}"#, "'pad_id' is not a number that fits"),
        (#"{"pad_id": 0, "pad\u005fid": 1}"#, "the name 'pad_id' twice"),
        (String(repeating: "[", count: 100_000), "it is not valid JSON"),
    ])
    func damagedTextIsExplained(text: String, reason: String) throws {
        try withScratchFolder { folder in
            let split = folder.appendingPathComponent("train")
            try FileManager.default.createDirectory(at: split, withIntermediateDirectories: true)
            try write(text, to: split.appendingPathComponent("dataset.json"))
            #expect {
                try PuzzleDataset(folder: folder, split: "train")
            } throws: { error in
                guard case .malformedJSON(_, let found)? = error as? DatasetError else {
                    return false
                }
                return found.contains(reason)
            }
        }
    }

    /// A number with a fraction is valid JSON, but not an integer.
    @Test(arguments: [#"{"pad_id": 0.5}"#, #"{"pad_id": 1e300}"#])
    func numbersThatDoNotFitAreNoBrokenJSON(text: String) throws {
        try withScratchFolder { folder in
            let split = folder.appendingPathComponent("train")
            try FileManager.default.createDirectory(at: split, withIntermediateDirectories: true)
            try write(text, to: split.appendingPathComponent("dataset.json"))
            #expect {
                try PuzzleDataset(folder: folder, split: "train")
            } throws: { error in
                let words = "\(error)"
                return !words.contains("not valid JSON")
                    && (words.contains("fraction or is too large") || words.contains("that fits"))
            }
        }
    }
}
