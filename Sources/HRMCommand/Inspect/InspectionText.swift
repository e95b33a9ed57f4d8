import HRM
import HRMData
import HRMFigures
import HRMFiles

/// The text of an inspection.
enum InspectionText {
    /// Returns two tables, of counts and of tokens.
    static func text(of inspection: DatasetInspection) -> String {
        counts(of: inspection).text + "\n" + tokens(of: inspection).text
    }

    /// Returns notes on valid data that are useful to know, one per line; empty if there are none.
    static func notes(on inspection: DatasetInspection) -> String {
        columns(of: inspection).compactMap { column in
            column.set.survey?.note(split: title(column)).map { "Note: \($0).\n" }
        }.joined()
    }

    /// Returns the violations, one line per kind.
    static func verdict(on inspection: DatasetInspection) -> String {
        let violations = inspection.violations
        guard !violations.isEmpty else { return "Nothing is wrong with this folder.\n" }
        let number = violations.count == 1 ? "One thing is" : "\(violations.count) things are"
        return "\(number) wrong with this folder:\n"
            + violations.map { "* \($0)\n" }.joined()
    }

    private typealias Column = (split: SplitInspection, set: SetInspection)

    private static func columns(of inspection: DatasetInspection) -> [Column] {
        inspection.splits.flatMap { split in split.sets.map { (split, $0) } }
    }

    /// Returns the split's name, with the set's name if there are several sets.
    private static func title(_ column: Column) -> String {
        column.split.sets.count == 1
            ? column.split.name : "\(column.split.name) \(column.set.name)"
    }

    private static func counts(of inspection: DatasetInspection) -> Table {
        let columns = columns(of: inspection)
        var table = Table(
            columns: [.init("")] + columns.map { .init(title($0), .right) })
        func row(_ name: String, _ value: (Column) -> String?) {
            let values = columns.map(value)
            guard values.contains(where: { $0 != nil }) else { return }
            table.append([name] + values.map { $0 ?? NumberText.missing })
        }
        row("examples") { $0.set.exampleCount.map(NumberText.grouped) }
        row("puzzles") { $0.set.puzzleCount.map(NumberText.grouped) }
        row("groups") { $0.set.groupCount.map(NumberText.grouped) }
        row("examples a puzzle") { $0.set.examplesPerPuzzle.map { text($0) } }
        row("augmentations a group") { $0.set.puzzlesPerGroup.map { text($0, minus: 1) } }
        row("identifiers in use") { $0.set.identifiersInUse.map(NumberText.grouped) }
        row("identifiers in several groups") {
            $0.set.identifiersInSeveralGroups.flatMap { $0 > 0 ? NumberText.grouped($0) : nil }
        }
        row("identifiers") {
            $0.split.metadata.map { NumberText.grouped($0.puzzleIdentifierCount) }
        }
        row("names in identifiers.json") { _ in inspection.nameCount.map(NumberText.grouped) }
        row("tokens an example") {
            $0.split.metadata.map { NumberText.grouped($0.sequenceLength) }
        }
        row("different tokens") {
            $0.split.metadata.map { NumberText.grouped($0.vocabularySize) }
        }
        row("labels that do not count") {
            share($0.set.ignoredLabels, of: $0.set.ignoredLabels + $0.set.labelTokens.total)
        }
        row("labels that the input has") { share($0.set.givenLabels, of: $0.set.labelTokens.total) }
        row("inputs also in \(inspection.splits.first?.name ?? "")") {
            $0.split.sharedInputs.map(NumberText.grouped)
        }
        row("puzzles with several solutions") { column in
            guard let survey = column.set.survey, survey.ambiguousCount > 0 else { return nil }
            return "\(NumberText.grouped(survey.ambiguousCount)) of "
                + NumberText.grouped(survey.examinedCount)
        }
        for file in columns.first?.set.files ?? [] {
            let kind = file.name.dropFirst((columns.first?.set.name ?? "").count)
            row(String(kind.drop { $0 == "_" })) { column in
                column.set.files.first { $0.name == column.set.name + kind }.map(Self.text)
            }
        }
        row("on disk") { column in
            NumberText.bytes(column.set.files.reduce(0) { $0 + $1.byteCount })
        }
        return table
    }

    private static func tokens(of inspection: DatasetInspection) -> Table {
        let columns = columns(of: inspection)
        var table = Table(
            columns: [.init("token", .right), .init("")]
                + columns.flatMap { column in
                    [
                        .init("\(title(column)) inputs", .right),
                        .init("\(title(column)) labels", .right),
                    ]
                })
        let tallies = columns.flatMap { [$0.set.inputTokens, $0.set.labelTokens] }
        let counts = tallies.map { tally in
            Dictionary(uniqueKeysWithValues: tally.counts.map { ($0.token, $0.count) })
        }
        let metadata = inspection.splits.first?.metadata
        let appearance = metadata.flatMap {
            TokenAppearance(
                task: inspection.task, vocabularySize: $0.vocabularySize,
                sequenceLength: $0.sequenceLength)
        }
        let tokens = Set(counts.flatMap(\.keys)).sorted()
        for token in tokens.prefix(longestHistogram) {
            let name = appearance.map { $0.kind == .numbers ? "" : $0.name(of: token) } ?? ""
            table.append(
                [String(token), name]
                    + zip(counts, tallies).map { counts, tally in
                        share(counts[token] ?? 0, of: tally.total) ?? NumberText.missing
                    })
        }
        if tokens.count > longestHistogram {
            let rest = "\(tokens.count - longestHistogram) more"
            table.append(["…", rest] + tallies.map { _ in "" })
        }
        return table
    }

    /// The maximum number of tokens that are listed individually.
    private static let longestHistogram = 40

    private static func share(_ part: Int, of whole: Int) -> String? {
        whole > 0 ? NumberText.percent(Double(part) / Double(whole)) : nil
    }

    private static func text(_ spread: SetInspection.Spread, minus base: Int = 0) -> String {
        let (least, most) = (spread.least - base, spread.most - base)
        guard least != most else { return NumberText.grouped(least) }
        return NumberText.significant(spread.mean - Double(base))
            + " (\(NumberText.grouped(least)) to \(NumberText.grouped(most)))"
    }

    private static func text(_ file: SetInspection.File) -> String {
        let shape = file.shape.map(String.init).joined(separator: "×")
        return [file.elementType?.name ?? "unreadable", shape, NumberText.bytes(file.byteCount)]
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
