import HRMData
import HRMTensor

/// Small tasks.
enum SampleTasks {
    static func grid(
        _ rows: Int, _ columns: Int, using generator: inout SeededGenerator
    ) -> PuzzleGrid {
        PuzzleGrid(
            rows: rows, columns: columns,
            cells: (0..<rows * columns).map { _ in
                UInt8([0, 3, 7].randomElement(using: &generator) ?? 0)
            })
    }

    /// A task whose outputs have the size of its inputs, or sizes that cannot be known.
    static func task(
        _ name: String, side: Int = 3, tests: Int = 1, sizesVary: Bool = false, seed: UInt64 = 1
    ) -> ARCTask {
        var generator = SeededGenerator(seed: seed)
        func pair(_ number: Int) -> ARCPair {
            let input = grid(side, side, using: &generator)
            let rows = sizesVary ? 1 + number % 2 : side
            return ARCPair(input: input, output: grid(rows, side, using: &generator))
        }
        return ARCTask(
            name: name, demonstrations: (0..<2).map(pair), tests: (0..<tests).map(pair))
    }
}
