public import Foundation
import HRMFiles

/// The tasks that a data set measures on, as they were before augmentation; `test_puzzles.json`.
public struct ARCTestPuzzles: Sendable, Hashable {
    /// The tasks.
    public var tasks: [ARCTask]

    /// The file's name in a data folder.
    public static let fileName = "test_puzzles.json"

    /// Tasks to measure on.
    public init(tasks: [ARCTask]) {
        self.tasks = tasks
    }

    /// Reads the tasks of a data folder, sorted by name; `nil` when it has no such file and thus is
    /// none of ARC tasks.
    ///
    /// - Throws: ``ARCTaskError`` naming the file.
    public init?(dataFolder: URL) throws(ARCTaskError) {
        let url = dataFolder.appendingPathComponent(Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        tasks = try ARCTaskFile.tasks(contentsOf: url)
    }

    /// The file's text: an object with an entry for each task, spelled as tasks are everywhere.
    var jsonText: String {
        let entries = tasks.map { task in
            "\(PythonJSON.text(task.name)): {\"train\": \(Self.text(task.demonstrations)), "
                + "\"test\": \(Self.text(task.tests))}"
        }
        return "{" + entries.joined(separator: ", ") + "}"
    }

    private static func text(_ pairs: [ARCPair]) -> String {
        let texts = pairs.map { pair in
            "{\"input\": \(pair.input.jsonText)"
                + (pair.output.map { ", \"output\": \($0.jsonText)" } ?? "") + "}"
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }
}

extension PuzzleGrid {
    /// The rows as lists of numbers; `[]` for a grid without cells.
    var jsonText: String {
        let texts = (0..<rows).map { row in
            "[" + (0..<columns).map { String(self[row, $0]) }.joined(separator: ", ") + "]"
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }
}
