import Foundation

/// Writes one split of a Sudoku data set, board by board.
struct SudokuSplitWriter {
    private let folder: URL
    private let geometry: SudokuGeometry
    private var inputs: NPYWriter
    private var labels: NPYWriter
    private var groupIndices: [Int32] = [0]
    private(set) var exampleCount = 0

    /// Makes the folder and begins the files.
    init(
        folder: URL, geometry: SudokuGeometry, tokens: NPYElementType
    ) throws(SudokuBuildError) {
        self.folder = folder
        self.geometry = geometry
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .dataset(
                .unwritable(path: folder.path, reason: FileProblem(error).reason))
        }
        do throws(NPYError) {
            func writer(_ file: PuzzleArrays.File) throws(NPYError) -> NPYWriter {
                try NPYWriter(
                    url: folder.appendingPathComponent(file.name(inSet: "all")),
                    elementType: tokens, rowShape: [geometry.cellCount])
            }
            inputs = try writer(.inputs)
            labels = try writer(.labels)
        } catch {
            throw .dataset(.array(error))
        }
    }

    /// Appends an example, which is a puzzle of the current group.
    mutating func append(_ puzzle: SudokuPuzzle) throws(SudokuBuildError) {
        guard exampleCount < Int(Int32.max) else { throw .tooManyExamples }
        do {
            try inputs.append(puzzle.question.tokens)
            try labels.append(puzzle.answer.tokens)
        } catch {
            throw .dataset(.array(error))
        }
        exampleCount += 1
    }

    /// Closes the current group.
    mutating func endGroup() {
        groupIndices.append(Int32(exampleCount))
    }

    /// Completes the split.
    mutating func finish() throws(SudokuBuildError) {
        do {
            try inputs.finish()
            try labels.finish()
            let count = Int32(exampleCount)
            try write(.puzzleIdentifiers, repeatElement(0, count: exampleCount))
            try write(.puzzleIndices, 0...count)
            try write(.groupIndices, groupIndices)
        } catch {
            throw .dataset(.array(error))
        }
        let metadata = DatasetMetadata(
            vocabularySize: SudokuBoard.vocabularySize(of: geometry),
            sequenceLength: geometry.cellCount, groupCount: groupIndices.count - 1)
        do {
            try AtomicFolder.write(
                metadata.jsonText, to: folder.appendingPathComponent("dataset.json"))
        } catch {
            throw .dataset(error)
        }
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
