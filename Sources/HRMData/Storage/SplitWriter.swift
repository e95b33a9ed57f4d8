import Foundation

/// Writes one split of a data set, example by example; every example is a puzzle of its own.
struct SplitWriter {
    private let folder: URL
    private let sequenceLength: Int
    private let vocabularySize: Int
    private let identifierCount: Int
    private var inputs: NPYWriter
    private var labels: NPYWriter
    private var identifiers: NPYWriter
    private var groupIndices: [Int32] = [0]
    private(set) var exampleCount = 0

    /// Makes the folder and begins the files.
    init(
        folder: URL, sequenceLength: Int, vocabularySize: Int, identifierCount: Int = 1,
        tokens: NPYElementType = .uint8
    ) throws(DatasetError) {
        self.folder = folder
        self.sequenceLength = sequenceLength
        self.vocabularySize = vocabularySize
        self.identifierCount = identifierCount
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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

    /// Appends an example, which is a puzzle of the current group.
    ///
    /// - Precondition: There are as many tokens as the sequence is long.
    mutating func append(
        input: [UInt8], label: [UInt8], identifier: Int32 = 0
    ) throws(DatasetError) {
        precondition(
            input.count == sequenceLength && label.count == sequenceLength,
            "\(input.count) and \(label.count) tokens for a sequence of \(sequenceLength)")
        guard exampleCount < Int(Int32.max) else { throw .tooManyExamples }
        do {
            try inputs.append(input)
            try labels.append(label)
            try identifiers.append([identifier])
        } catch {
            throw .array(error)
        }
        exampleCount += 1
    }

    /// Closes the current group.
    mutating func endGroup() {
        groupIndices.append(Int32(exampleCount))
    }

    /// Completes the split.
    mutating func finish() throws(DatasetError) {
        do {
            try inputs.finish()
            try labels.finish()
            try identifiers.finish()
            try write(.puzzleIndices, 0...Int32(exampleCount))
            try write(.groupIndices, groupIndices)
        } catch {
            throw .array(error)
        }
        let metadata = DatasetMetadata(
            vocabularySize: vocabularySize, sequenceLength: sequenceLength,
            puzzleIdentifierCount: identifierCount, groupCount: groupIndices.count - 1)
        try AtomicFolder.write(
            metadata.jsonText, to: folder.appendingPathComponent("dataset.json"))
    }

    private func write(
        _ file: PuzzleArrays.File, _ values: some Sequence<Int32>
    ) throws(NPYError) {
        var writer = try NPYWriter(
            url: folder.appendingPathComponent(file.name(inSet: "all")), elementType: .int32,
            rowShape: [])
        for value in values { try writer.append([value]) }
        try writer.finish()
    }
}
