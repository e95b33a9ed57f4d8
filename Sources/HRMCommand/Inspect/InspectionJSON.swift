import HRMData
import HRMFiles

/// The `--json` output of an inspection, under the names of `dataset.json` where it has them.
enum InspectionJSON {
    static func value(of inspection: DatasetInspection, folder: String) -> JSONValue {
        .object([
            "folder": .text(folder),
            "identifiers": optional(inspection.nameCount),
            "splits": .list(inspection.splits.map(value)),
            "violations": .list(
                inspection.violations.map {
                    .object([
                        "problem": .text($0.error.description), "count": .integer($0.count),
                    ])
                }),
        ])
    }

    private static func optional(_ number: Int?) -> JSONValue {
        number.map { .integer($0) } ?? .null
    }

    private static func value(of split: SplitInspection) -> JSONValue {
        .object([
            "split": .text(split.name),
            "metadata": split.metadata.map(value) ?? .null,
            "sets": .list(split.sets.map(value)),
            "inputs_in_first_split": optional(split.sharedInputs),
            "examples": .list(split.examples.map(value)),
        ])
    }

    private static func value(of metadata: DatasetMetadata) -> JSONValue {
        .object([
            "pad_id": .integer(metadata.padToken),
            "ignore_label_id": optional(metadata.ignoredLabel),
            "blank_identifier_id": .integer(metadata.blankIdentifier),
            "vocab_size": .integer(metadata.vocabularySize),
            "seq_len": .integer(metadata.sequenceLength),
            "num_puzzle_identifiers": .integer(metadata.puzzleIdentifierCount),
            "total_groups": .integer(metadata.groupCount),
            "mean_puzzle_examples": .number(metadata.meanExamplesPerPuzzle),
            "total_puzzles": optional(metadata.totalPuzzles),
            "sets": .list(metadata.sets.map { .text($0) }),
        ])
    }

    private static func value(of set: SetInspection) -> JSONValue {
        .object([
            "set": .text(set.name),
            "examples": optional(set.exampleCount),
            "puzzles": optional(set.puzzleCount),
            "groups": optional(set.groupCount),
            "examples_per_puzzle": set.examplesPerPuzzle.map(value) ?? .null,
            "puzzles_per_group": set.puzzlesPerGroup.map(value) ?? .null,
            "identifiers_in_use": optional(set.identifiersInUse),
            "identifiers_in_several_groups": optional(set.identifiersInSeveralGroups),
            "input_tokens": value(of: set.inputTokens),
            "label_tokens": value(of: set.labelTokens),
            "ignored_labels": .integer(set.ignoredLabels),
            "given_labels": .integer(set.givenLabels),
            "files": .list(set.files.map(value)),
            "several_solutions": set.survey.map {
                .object([
                    "count": .integer($0.ambiguousCount), "examined": .integer($0.examinedCount),
                ])
            } ?? .null,
        ])
    }

    private static func value(of spread: SetInspection.Spread) -> JSONValue {
        .object([
            "min": .integer(spread.least), "mean": .number(spread.mean),
            "max": .integer(spread.most),
        ])
    }

    private static func value(of tally: TokenCounts) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (token, count) in tally.counts { members[String(token)] = .integer(count) }
        return .object(members)
    }

    private static func value(of file: SetInspection.File) -> JSONValue {
        .object([
            "file": .text(file.name), "bytes": .integer(file.byteCount),
            "dtype": file.elementType.map { .text($0.name) } ?? .null,
            "shape": .list(file.shape.map { .integer($0) }),
        ])
    }

    private static func value(of example: InspectedExample) -> JSONValue {
        .object([
            "set": .text(example.set), "group": .integer(example.group),
            "puzzle": .integer(example.puzzle), "example": .integer(example.example),
            "identifier": .integer(example.identifier),
            "name": example.name.map { .text($0) } ?? .null,
            "input": .list(example.input.map { .integer($0) }),
            "output": .list(example.output.map { .integer($0) }),
        ])
    }
}
