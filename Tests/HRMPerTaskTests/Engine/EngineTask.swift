import HRMData
import HRMTensor

@testable import HRMPerTask

/// Small tasks for tests of the engine.
enum EngineTask {
    /// A task whose grids fill the canvas, or one with sizes that vary and cannot be known.
    static func tensors(
        rows: Int = 3, columns: Int = 4, sizesVary: Bool = false, seed: UInt64 = 3
    ) throws -> TaskTensors {
        var generator = SeededGenerator(seed: seed)
        func grid(_ rows: Int, _ columns: Int) -> PuzzleGrid {
            var cells = (0..<(rows * columns)).map { _ in
                UInt8([0, 3, 7, 8].randomElement(using: &generator) ?? 0)
            }
            // Every task has the same colours.
            for (index, colour) in [UInt8(3), 7, 8].enumerated() where index < cells.count {
                cells[index] = colour
            }
            return PuzzleGrid(rows: rows, columns: columns, cells: cells)
        }
        func pair(_ number: Int) -> ARCPair {
            let smaller = sizesVary ? number % 2 : 0
            return ARCPair(
                input: grid(rows - smaller, columns),
                output: sizesVary ? grid(rows - 1, columns - number % 2) : grid(rows, columns))
        }
        return TaskTensors(
            try TaskExamples(
                ARCTask(name: "small", demonstrations: (0..<2).map(pair), tests: [pair(2)])))
    }
}

extension TaskLearnerOptions {
    /// The published options, and each departure from them.
    static var variants: [TaskLearnerOptions] {
        let changes: [(inout NetworkOptions) -> Void] = [
            { _ in }, { $0.startsWithoutColourBias = true }, { $0.hasWideDiagonals = true },
            { $0.tiesSoftmaxes = true }, { $0.normalisesInputs = true },
        ]
        return changes.map { change in
            var options = TaskLearnerOptions()
            change(&options.network)
            return options
        }
    }
}
