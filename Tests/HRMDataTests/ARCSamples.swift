import Foundation
import HRMData
import HRMTensor
import _HRMTestSupport

/// Generated tasks and files of tasks for tests.
enum ARCSamples {
    /// Returns a grid with random extents and colours.
    static func grid(
        upTo side: Int, using random: inout some RandomNumberGenerator
    ) -> PuzzleGrid {
        let rows = Int.random(in: 1...side, using: &random)
        let columns = Int.random(in: 1...side, using: &random)
        return PuzzleGrid(
            rows: rows, columns: columns,
            cells: (0..<(rows * columns)).map { _ in UInt8.random(in: 0...9, using: &random) })
    }

    static func pair(upTo side: Int, using random: inout some RandomNumberGenerator) -> ARCPair {
        ARCPair(input: grid(upTo: side, using: &random), output: grid(upTo: side, using: &random))
    }

    static func task(
        _ name: String, seed: UInt64, side: Int = 6, demonstrations: Int = 3, tests: Int = 2
    ) -> ARCTask {
        var random = SeededGenerator(seed: seed)
        return ARCTask(
            name: name,
            demonstrations: (0..<demonstrations).map { _ in pair(upTo: side, using: &random) },
            tests: (0..<tests).map { _ in pair(upTo: side, using: &random) })
    }

    static func json(_ grid: PuzzleGrid) -> String {
        let rows = (0..<grid.rows).map { row in
            "[" + (0..<grid.columns).map { "\(grid[row, $0])" }.joined(separator: ",") + "]"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }

    static func json(_ pairs: [ARCPair]) -> String {
        let texts = pairs.map { pair in
            let output = pair.output.map { ",\"output\":\(json($0))" } ?? ""
            return "{\"input\":\(json(pair.input))\(output)}"
        }
        return "[" + texts.joined(separator: ",") + "]"
    }

    static func json(_ task: ARCTask) -> String {
        "{\"train\":\(json(task.demonstrations)),\"test\":\(json(task.tests))}"
    }

    /// Writes tasks as files of a folder.
    static func write(_ tasks: [ARCTask], into folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for task in tasks {
            try HRMDataTests.write(
                json(task), to: folder.appendingPathComponent("\(task.name).json"))
        }
    }

    /// Writes tasks into folders and reads them back.
    static func collection(
        training: [ARCTask] = [], evaluation: [ARCTask] = []
    ) throws -> ARCTaskCollection {
        try withScratchFolder { folder in
            if !training.isEmpty {
                try write(training, into: folder.appendingPathComponent("training"))
            }
            if !evaluation.isEmpty {
                try write(evaluation, into: folder.appendingPathComponent("evaluation"))
            }
            return try ARCTaskCollection(sources: [folder])
        }
    }
}
