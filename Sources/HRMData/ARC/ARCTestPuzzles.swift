public import Foundation
import HRMFiles

/// The unaugmented tasks that a data set is evaluated on; `test_puzzles.json`.
public struct ARCTestPuzzles: Sendable, Hashable {
    /// The tasks.
    public var tasks: [ARCTask]

    /// The file's name in a data folder.
    public static let fileName = "test_puzzles.json"

    /// Creates a collection of evaluation tasks.
    public init(tasks: [ARCTask]) {
        self.tasks = tasks
    }

    /// Reads the tasks of a data folder, sorted by name.
    ///
    /// Returns `nil` if the folder has no such file, which means that it does not hold ARC tasks.
    ///
    /// - Throws: ``ARCTaskError`` with the file.
    public init?(dataFolder: URL) throws(ARCTaskError) {
        let url = dataFolder.appendingPathComponent(Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        tasks = try ARCTaskFile.tasks(contentsOf: url)
    }

    /// The file's text: a JSON object with an entry for each task, in the usual task format.
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
    /// The rows as JSON lists of numbers; `[]` for a grid without cells.
    var jsonText: String {
        let texts = (0..<rows).map { row in
            "[" + (0..<columns).map { String(self[row, $0]) }.joined(separator: ", ") + "]"
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }
}
