import Foundation

/// Writes one split of an ARC data set, group by group.
struct ARCSplitWriter {
    private let folder: URL
    private let canvas: ARCCanvas
    private var inputs: NPYWriter
    private var labels: NPYWriter
    private var identifiers: NPYWriter
    private var puzzleIndices: [Int32] = [0]
    private var groupIndices: [Int32] = [0]
    private(set) var exampleCount = 0

    /// How many puzzles there are.
    var puzzleCount: Int { puzzleIndices.count - 1 }
    /// How many groups there are.
    var groupCount: Int { groupIndices.count - 1 }

    /// Makes the folder and begins the files.
    init(folder: URL, canvas: ARCCanvas) throws(DatasetError) {
        self.folder = folder
        self.canvas = canvas
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: folder.path, reason: FileProblem(error).reason)
        }
        func writer(
            _ file: PuzzleArrays.File, _ type: NPYElementType, _ rowShape: [Int]
        ) throws(DatasetError) -> NPYWriter {
            do {
                return try NPYWriter(
                    url: folder.appendingPathComponent(file.name(inSet: "all")), elementType: type,
                    rowShape: rowShape)
            } catch {
                throw .array(error)
            }
        }
        inputs = try writer(.inputs, .uint8, [canvas.sequenceLength])
        labels = try writer(.labels, .uint8, [canvas.sequenceLength])
        identifiers = try writer(.puzzleIdentifiers, .int32, [])
    }

    /// Appends a group.
    ///
    /// - Parameters:
    ///   - part: Its examples.
    ///   - firstIdentifier: The identifier of its first puzzle; the others follow.
    ///   - puzzles: How many puzzles it has.
    /// - Throws: ``DatasetError`` when a file cannot be written.
    mutating func append(
        _ part: ARCTaskExpansion.Part, firstIdentifier: Int32, puzzles: Int
    ) throws(DatasetError) {
        do throws(NPYError) {
            try inputs.append(part.inputs)
            try labels.append(part.labels)
            try identifiers.append((0..<Int32(puzzles)).map { firstIdentifier + $0 })
        } catch {
            throw .array(error)
        }
        for _ in 0..<puzzles {
            exampleCount += part.examplesPerPuzzle
            puzzleIndices.append(Int32(exampleCount))
        }
        groupIndices.append(Int32(puzzleCount))
    }

    /// Completes the split.
    mutating func finish(identifierCount: Int) throws(DatasetError) {
        do throws(NPYError) {
            try inputs.finish()
            try labels.finish()
            try identifiers.finish()
            try write(.puzzleIndices, puzzleIndices)
            try write(.groupIndices, groupIndices)
        } catch {
            throw .array(error)
        }
        let metadata = DatasetMetadata(
            vocabularySize: ARCCanvas.vocabularySize, sequenceLength: canvas.sequenceLength,
            puzzleIdentifierCount: identifierCount, groupCount: groupCount,
            meanExamplesPerPuzzle: Double(exampleCount) / Double(max(1, puzzleCount)))
        try AtomicFolder.write(
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
