import Foundation
import HRMFiles

extension PuzzleTask {
    /// Creates a task from its JSON text.
    ///
    /// - Throws: ``DatasetError/malformedJSON(path:reason:)``.
    public init(jsonText: String, path: String) throws(DatasetError) {
        do {
            self = try JSONText.decode(PuzzleTask.self, from: Array(jsonText.utf8))
        } catch {
            throw .malformedJSON(path: path, reason: error.explanation())
        }
    }

    /// The name of the file that describes the task of a data folder.
    static let fileName = "task.json"

    private static let largestFile = 1 << 28

    /// Writes `task.json` into a data folder.
    func write(into folder: URL) throws(DatasetError) {
        let url = folder.appendingPathComponent(Self.fileName)
        let text: String
        do {
            text = try jsonText()
        } catch {
            throw .unwritable(path: url.path, reason: FileProblem(error).reason)
        }
        try DatasetFiles.write(text, to: url)
    }

    /// Reads `task.json` of a data folder; `nil` if there is none.
    ///
    /// - Throws: ``DatasetError`` if it cannot be read, or does not match the metadata.
    init?(folder: URL, metadata: DatasetMetadata) throws(DatasetError) {
        let url = folder.appendingPathComponent(Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        self = try DatasetFiles.decode(PuzzleTask.self, from: url, atMost: Self.largestFile)
        guard
            vocabularySize == metadata.vocabularySize, sequenceLength == metadata.sequenceLength
        else {
            throw .wrongTask(
                path: url.path, tokens: vocabularySize, length: sequenceLength,
                vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength)
        }
        guard leastIdentifierCount <= metadata.puzzleIdentifierCount else {
            throw .tooManyTaskNames(
                path: url.path, names: leastIdentifierCount - 1,
                identifierCount: metadata.puzzleIdentifierCount)
        }
    }
}
