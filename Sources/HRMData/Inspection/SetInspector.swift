import Foundation
import HRMFiles

/// Reads one set of a split that may be damaged: first the short arrays, then the tokens.
struct SetInspector {
    private(set) var inspection: SetInspection
    private(set) var violations: [DatasetViolation] = []
    /// The locations of the examples, if all offsets are valid.
    private(set) var exampleSource: ExampleSource?
    private let metadata: DatasetMetadata?
    private let location: DatasetLocation
    private var inputs: NPYReader?
    private var labels: NPYReader?

    private typealias File = PuzzleArrays.File

    init(name: String, metadata: DatasetMetadata?, location: DatasetLocation) {
        inspection = SetInspection(name: name)
        self.metadata = metadata
        self.location = location
    }

    /// The number of tokens in an example, if an array can be read.
    var sequenceLength: Int? { (inputs ?? labels)?.header.shape.last }

    private func path(_ file: File) -> String { location.path(file.name(inSet: inspection.name)) }

    /// Reads identifiers and offsets, and the headers of the token arrays.
    mutating func readLists() {
        inputs = open(.inputs, allowed: [.uint8, .int32, .int64, .bool])
        labels = open(.labels, allowed: [.uint8, .int32, .int64, .bool])
        let identifiers = list(.puzzleIdentifiers, of: "puzzles")
        let puzzleIndices = list(.puzzleIndices, of: "puzzles + 1")
        let groupIndices = list(.groupIndices, of: "groups + 1")
        let rows = (inputs ?? labels)?.header.shape[0]
        inspection.exampleCount = rows
        inspection.puzzleCount = identifiers?.count
        inspection.groupCount = groupIndices.map { max(0, $0.count - 1) }
        inspection.examplesPerPuzzle = puzzleIndices.flatMap(SetInspection.Spread.init(offsets:))
        inspection.puzzlesPerGroup = groupIndices.flatMap(SetInspection.Spread.init(offsets:))
        if let inputs, let labels, inputs.header.shape != labels.header.shape {
            note(
                .wrongShape(
                    path: path(.labels), found: labels.header.shape,
                    expected: "\(inputs.header.shape) as the inputs"))
        }
        let before = violations.count
        if let identifiers, let puzzleIndices, puzzleIndices.count != identifiers.count + 1 {
            note(
                .wrongShape(
                    path: path(.puzzleIndices), found: [puzzleIndices.count],
                    expected: "[\(identifiers.count + 1)], one more than puzzle identifiers"))
        }
        if let puzzleIndices {
            violations += OffsetCheck(
                path: path(.puzzleIndices), count: rows, pointsInto: "examples",
                mayStandStill: true
            ).violations(in: puzzleIndices)
        }
        if let groupIndices {
            violations += OffsetCheck(
                path: path(.groupIndices), count: identifiers?.count, pointsInto: "puzzles",
                mayStandStill: false
            ).violations(in: groupIndices)
        }
        if let identifiers, let puzzleIndices, let groupIndices, violations.count == before {
            let source = ExampleSource(
                identifiers: identifiers, puzzleIndices: puzzleIndices, groupIndices: groupIndices)
            exampleSource = source
            inspection.identifiersInSeveralGroups = source.sharedIdentifierCount(
                except: metadata?.blankIdentifier)
        }
        if let identifiers { check(identifiers) }
    }

    private mutating func check(_ identifiers: [Int32]) {
        inspection.identifiersInUse = Set(identifiers).count
        guard let count = metadata?.puzzleIdentifierCount else { return }
        let wrong = identifiers.indices.filter { identifiers[$0] < 0 || identifiers[$0] >= count }
        guard let puzzle = wrong.first else { return }
        note(
            .identifierOutOfRange(
                path: path(.puzzleIdentifiers), puzzle: puzzle, value: Int(identifiers[puzzle]),
                identifierCount: count), count: wrong.count)
    }

    private mutating func note(_ error: DatasetError, count: Int = 1) {
        violations.append(DatasetViolation(error, count: count))
    }

    /// Opens a file and checks its type; violations are recorded.
    private mutating func opened(_ file: File, allowed: [NPYElementType]) -> NPYReader? {
        let url = location.url(file.name(inSet: inspection.name))
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: url.resolvingSymlinksInPath().path)
        var facts = SetInspection.File(
            name: url.lastPathComponent,
            byteCount: (attributes?[.size] as? NSNumber)?.intValue ?? 0, shape: [])
        defer { if attributes != nil { inspection.files.append(facts) } }
        do throws(NPYError) {
            let reader = try NPYReader(contentsOf: url)
            facts.elementType = reader.header.elementType
            facts.shape = reader.header.shape
            guard allowed.contains(reader.header.elementType) else {
                reader.close()
                note(
                    .wrongElementType(
                        path: url.path, found: reader.header.elementType, allowed: allowed))
                return nil
            }
            return reader
        } catch {
            note(.array(error))
            return nil
        }
    }

    /// Opens an array of tokens.
    private mutating func open(_ file: File, allowed: [NPYElementType]) -> NPYReader? {
        guard let reader = opened(file, allowed: allowed) else { return nil }
        let shape = reader.header.shape
        let length = metadata?.sequenceLength
        guard shape.count == 2, shape[1] >= 1, shape[1] == length ?? shape[1] else {
            reader.close()
            note(
                .wrongShape(
                    path: path(file), found: shape,
                    expected: length.map { "[examples, \($0)], as seq_len says" }
                        ?? "[examples, tokens]"))
            return nil
        }
        return reader
    }

    /// Reads a one-dimensional array.
    private mutating func list(_ file: File, of what: String) -> [Int32]? {
        guard var reader = opened(file, allowed: [.int32, .int64]) else { return nil }
        defer { reader.close() }
        guard reader.header.shape.count == 1 else {
            note(
                .wrongShape(path: path(file), found: reader.header.shape, expected: "[\(what)]"))
            return nil
        }
        do throws(NPYError) {
            var values = CompactIntegers()
            while reader.remaining > 0 {
                try reader.read(upTo: NPYFile.pieceByteCount, into: &values)
            }
            return values.int32Values
        } catch {
            note(.array(error))
            return nil
        }
    }

    /// Records a violation if no label counts; call after reading the tokens.
    mutating func checkLabelsCount() {
        guard inspection.ignoredLabels > 0, inspection.labelTokens.total == 0, violations.isEmpty
        else { return }
        note(.noLabels(path: path(.labels), ignored: metadata?.ignoredLabel))
    }

    /// Reads all tokens, row by row.
    ///
    /// - Parameters:
    ///   - wanted: The examples to show, without tokens.
    ///   - seeInput: Called with the hash of each input.
    /// - Returns: The examples with their tokens.
    mutating func readTokens(
        wanted: [InspectedExample], seeInput: (UInt64) -> Void
    ) -> [InspectedExample] {
        let size = metadata.flatMap { Int32(exactly: $0.vocabularySize) } ?? 0
        let vocabulary = size > 0 ? 0..<size : nil
        let ignored = metadata?.ignoredLabel.flatMap { Int32(exactly: $0) }
        var scan = TokenScan(
            inputs: TokenColumn(inputs, path: path(.inputs), vocabulary: vocabulary),
            labels: TokenColumn(
                labels, path: path(.labels), vocabulary: vocabulary,
                ignored: [PuzzleBatch.ignoredLabel] + [ignored].compactMap { $0 }),
            length: sequenceLength ?? 1, wanted: wanted)
        scan.run(seeInput: seeInput)
        inputs?.close()
        labels?.close()
        violations += scan.violations
        inspection.inputTokens = scan.inputs.tokens
        inspection.labelTokens = scan.labels.tokens
        inspection.ignoredLabels = scan.labels.ignoredCount
        inspection.givenLabels = scan.givenLabels
        return scan.examples
    }
}
