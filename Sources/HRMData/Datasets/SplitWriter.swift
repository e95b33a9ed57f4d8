import Foundation
import HRMFiles

/// Writes one split of a data set, puzzle by puzzle and group by group.
struct SplitWriter {
    private let folder: URL
    private let sequenceLength: Int
    private let vocabularySize: Int
    private var inputs: NPYWriter
    private var labels: NPYWriter
    private var identifiers: NPYWriter
    private var puzzleIndices: [Int32] = [0]
    private var groupIndices: [Int32] = [0]

    /// The number of puzzle identifiers; may be changed until the split is finished.
    var identifierCount: Int
    /// The number of examples.
    var exampleCount: Int { Int(puzzleIndices.last ?? 0) }
    /// The number of puzzles.
    var puzzleCount: Int { puzzleIndices.count - 1 }
    /// The number of groups.
    var groupCount: Int { groupIndices.count - 1 }

    /// Creates the folder and begins the files.
    init(
        folder: URL, sequenceLength: Int, vocabularySize: Int, identifierCount: Int = 1,
        tokens: NPYElementType = .uint8
    ) throws(DatasetError) {
        self.folder = folder
        self.sequenceLength = sequenceLength
        self.vocabularySize = vocabularySize
        self.identifierCount = identifierCount
        do {
            // The parent folder exists unless the work was abandoned, in which case it must not be
            // created again.
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        } catch {
            throw .unwritable(path: folder.path, reason: FileProblem(error).reason)
        }
        func writer(
            _ file: PuzzleArrays.File, _ type: NPYElementType, _ shape: [Int]
        ) throws(NPYError) -> NPYWriter {
            try NPYWriter(
                url: folder.appendingPathComponent(file.name(inSet: "all")), elementType: type,
                rowShape: shape)
        }
        do throws(NPYError) {
            inputs = try writer(.inputs, tokens, [sequenceLength])
            labels = try writer(.labels, tokens, [sequenceLength])
            identifiers = try writer(.puzzleIdentifiers, .int32, [])
        } catch {
            throw .array(error)
        }
    }

    /// Appends an example as a puzzle of the current group.
    ///
    /// - Precondition: There are `sequenceLength` input and label tokens.
    mutating func append(
        input: [UInt8], label: [UInt8], identifier: Int32 = 0
    ) throws(DatasetError) {
        try append(inputs: input, labels: label, examplesPerPuzzle: 1, identifiers: [identifier])
    }

    /// Appends puzzles to the current group.
    ///
    /// - Parameters:
    ///   - newInputs: The input tokens of all examples, concatenated.
    ///   - newLabels: The label tokens, of the same shape.
    ///   - examplesPerPuzzle: The number of examples of each puzzle.
    ///   - newIdentifiers: The identifier of each puzzle.
    /// - Throws: ``DatasetError`` if a file cannot be written.
    /// - Precondition: The number of tokens is the number of examples times `sequenceLength`.
    mutating func append(
        inputs newInputs: [UInt8], labels newLabels: [UInt8], examplesPerPuzzle: Int,
        identifiers newIdentifiers: [Int32]
    ) throws(DatasetError) {
        let count = examplesPerPuzzle * newIdentifiers.count
        precondition(
            newInputs.count == count * sequenceLength && newLabels.count == newInputs.count,
            "\(newInputs.count) and \(newLabels.count) tokens for \(count) sequences of "
                + "\(sequenceLength)")
        guard exampleCount + count <= Int(Int32.max) else { throw .tooManyExamples }
        do {
            try inputs.append(newInputs)
            try labels.append(newLabels)
            try identifiers.append(newIdentifiers)
        } catch {
            throw .array(error)
        }
        for _ in newIdentifiers { puzzleIndices.append(Int32(exampleCount + examplesPerPuzzle)) }
    }

    /// Ends the current group.
    mutating func endGroup() {
        groupIndices.append(Int32(puzzleCount))
    }

    /// Completes the split.
    mutating func finish() throws(DatasetError) {
        do {
            try inputs.finish()
            try labels.finish()
            try identifiers.finish()
            try write(.puzzleIndices, puzzleIndices)
            try write(.groupIndices, groupIndices)
        } catch {
            throw .array(error)
        }
        let metadata = DatasetMetadata(
            vocabularySize: vocabularySize, sequenceLength: sequenceLength,
            puzzleIdentifierCount: identifierCount, groupCount: groupCount,
            meanExamplesPerPuzzle: Double(exampleCount) / Double(max(1, puzzleCount)))
        try DatasetFiles.write(
            metadata.jsonText, to: folder.appendingPathComponent("dataset.json"))
    }

    private func write(_ file: PuzzleArrays.File, _ values: [Int32]) throws(NPYError) {
        var writer = try NPYWriter(
            url: folder.appendingPathComponent(file.name(inSet: "all")), elementType: .int32,
            rowShape: [])
        try writer.append(values)
        try writer.finish()
    }
}
