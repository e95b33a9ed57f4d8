import Foundation

/// Reads one split of a data folder that may be damaged.
struct SplitInspector {
    private let location: DatasetLocation
    private let name: String
    private let identifiers: [String]?
    private let choice: ExampleChoice?
    private(set) var violations: [DatasetViolation] = []

    init(folder: URL, name: String, identifiers: [String]?, choice: ExampleChoice?) {
        location = DatasetLocation(splitFolder: folder.appendingPathComponent(name))
        self.name = name
        self.identifiers = identifiers
        self.choice = choice
    }

    /// Reads the whole split.
    ///
    /// - Parameters:
    ///   - seen: The inputs of the first split.
    ///   - isFirst: True for the first split.
    /// - Returns: The content of the split.
    mutating func run(seen: inout SeenInputs, isFirst: Bool) -> SplitInspection {
        let metadata = readMetadata()
        var inspectors: [SetInspector] = []
        for set in setNames(metadata) {
            var inspector = SetInspector(name: set, metadata: metadata, location: location)
            inspector.readLists()
            inspectors.append(inspector)
        }
        let chosen = choose(from: inspectors)
        var shared = 0
        var examples: [InspectedExample] = []
        for index in inspectors.indices {
            let isShort = inspectors[index].sequenceLength ?? 0 <= choice?.longest ?? 0
            let wanted = isShort ? chosen.filter { $0.set == index }.map(\.example) : []
            let result = inspectors[index].readTokens(wanted: wanted) { hash in
                if isFirst { seen.insert(hash) } else if seen.contains(hash) { shared += 1 }
            }
            examples += result
            if isFirst { inspectors[index].checkLabelsCount() }
            violations += inspectors[index].violations
        }
        let sets = inspectors.map(\.inspection)
        if let metadata { checkTotals(metadata, sets) }
        return SplitInspection(
            name: name, metadata: metadata, sets: sets, sharedInputs: isFirst ? nil : shared,
            examples: examples)
    }

    private var metadataPath: String { location.path("dataset.json") }

    private mutating func readMetadata() -> DatasetMetadata? {
        do throws(DatasetError) {
            let metadata = try DatasetFiles.decode(
                DatasetMetadata.self, from: location.url("dataset.json"), atMost: 1 << 24)
            violations += metadata.problems(path: metadataPath).map { DatasetViolation($0) }
            if let identifiers, identifiers.count != metadata.puzzleIdentifierCount {
                violations.append(
                    .init(
                        .wrongIdentifierCount(
                            path: location.identifiersPath, found: identifiers.count,
                            expected: metadata.puzzleIdentifierCount)))
            }
            return metadata
        } catch {
            violations.append(DatasetViolation(error))
            return nil
        }
    }

    /// Returns the sets named in the metadata, or without metadata those with files.
    private func setNames(_ metadata: DatasetMetadata?) -> [String] {
        if let metadata {
            var names: [String] = []
            for name in metadata.sets
            where DatasetMetadata.canNameFiles(name) && !names.contains(name) {
                names.append(name)
            }
            return names
        }
        let files = try? FileManager.default.contentsOfDirectory(atPath: location.path(""))
        let ending = "__inputs.npy"
        return (files ?? []).filter { $0.hasSuffix(ending) && $0 != ending }.sorted()
            .map { String($0.dropLast(ending.count)) }
    }

    /// Selects the examples to show; sets with damaged offsets are left out.
    private func choose(
        from sets: [SetInspector]
    ) -> [(set: Int, example: InspectedExample)] {
        guard let choice, choice.count > 0 else { return [] }
        let sources = sets.map(\.exampleSource)
        let groupCount = sources.reduce(0) { $0 + ($1?.groupCount ?? 0) }
        guard groupCount > 0 else { return [] }
        let count = min(choice.count, groupCount)
        let groups = choice.group.map { [$0] } ?? (0..<count).map { $0 * groupCount / count }
        return groups.flatMap { group -> [(set: Int, example: InspectedExample)] in
            var local = group
            for (set, source) in sources.enumerated() {
                guard let source else { continue }
                guard local >= source.groupCount else {
                    return source.examples(
                        ofGroup: local, atMost: choice.group == nil ? 1 : choice.count
                    ).map { place in
                        (set, example(place, of: sets[set], source, group: group))
                    }
                }
                local -= source.groupCount
            }
            return []
        }
    }

    private func example(
        _ place: (puzzle: Int, example: Int), of set: SetInspector, _ source: ExampleSource,
        group: Int
    ) -> InspectedExample {
        let identifier = Int(source.identifiers[place.puzzle])
        let names = identifiers ?? []
        return InspectedExample(
            set: set.inspection.name, example: place.example, puzzle: place.puzzle, group: group,
            identifier: identifier,
            name: names.indices.contains(identifier) ? names[identifier] : nil)
    }

    private mutating func checkTotals(_ metadata: DatasetMetadata, _ sets: [SetInspection]) {
        let groups = sets.compactMap(\.groupCount)
        let puzzles = sets.compactMap(\.puzzleCount)
        let examples = sets.compactMap(\.exampleCount)
        // Totals that include unreadable files would only repeat their errors.
        guard [groups, puzzles, examples].allSatisfy({ $0.count == metadata.sets.count }) else {
            return
        }
        let groupCount = groups.reduce(0, +)
        let puzzleCount = puzzles.reduce(0, +)
        violations += metadata.contradictions(
            groupCount: groupCount, puzzleCount: puzzleCount,
            exampleCount: examples.reduce(0, +), path: metadataPath
        ).map { DatasetViolation($0) }
        // In `total_puzzles`, Sudoku builders count groups, others puzzles.
        if let total = metadata.totalPuzzles, total != puzzleCount, total != groupCount {
            violations.append(
                .init(
                    .invalidMetadata(
                        path: metadataPath, key: "total_puzzles", value: String(total),
                        requirement: "must be the number of puzzles, \(puzzleCount)")))
        }
    }
}
