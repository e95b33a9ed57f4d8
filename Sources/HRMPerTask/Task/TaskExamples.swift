package import HRMData

/// The part of a task that a learner may see: demonstrations and test inputs, without test outputs.
///
/// Everything that prepares, learns or answers takes this type, so the correct answers that files
/// of tasks contain cannot reach it.
package struct TaskExamples: Sendable, Hashable {
    /// A demonstration.
    package struct Demonstration: Sendable, Hashable {
        /// The input grid.
        package var input: PuzzleGrid
        /// The output grid.
        package var output: PuzzleGrid
    }

    /// The name of the task.
    package let name: String
    /// The demonstrations in the order of the task, at least one.
    package let demonstrations: [Demonstration]
    /// The inputs of the test pairs in the order of the task, at least one.
    package let testInputs: [PuzzleGrid]

    /// Creates the examples of a task; the outputs of its test pairs are dropped.
    ///
    /// - Parameter task: The task.
    /// - Throws: ``TaskExamplesError`` if the task has no demonstration or no test pair, a
    ///   demonstration has no output, or a grid is not an ARC grid.
    package init(_ task: ARCTask) throws(TaskExamplesError) {
        func problem(_ problem: TaskExamplesError.Problem) -> TaskExamplesError {
            TaskExamplesError(task: task.name, problem: problem)
        }
        func check(_ grid: PuzzleGrid) throws(TaskExamplesError) {
            let sides = 1...ARCTask.largestSide
            guard sides.contains(grid.rows), sides.contains(grid.columns) else {
                throw problem(.gridSize(rows: grid.rows, columns: grid.columns))
            }
            if let cell = grid.cells.first(where: { Int($0) >= ARCTask.colorCount }) {
                throw problem(.notAColor(Int(cell)))
            }
        }
        name = task.name
        testInputs = task.tests.map(\.input)
        var demonstrations: [Demonstration] = []
        for (index, pair) in task.demonstrations.enumerated() {
            guard let output = pair.output else { throw problem(.missingOutput(pair: index + 1)) }
            demonstrations.append(Demonstration(input: pair.input, output: output))
        }
        self.demonstrations = demonstrations
        guard !demonstrations.isEmpty else { throw problem(.noDemonstrations) }
        guard !testInputs.isEmpty else { throw problem(.noTests) }
        for demonstration in demonstrations {
            try check(demonstration.input)
            try check(demonstration.output)
        }
        for input in testInputs { try check(input) }
    }

    /// The longest side of all grids that are known before the task is solved.
    package var largestKnownSide: Int {
        (demonstrations.flatMap { [$0.input, $0.output] } + testInputs)
            .reduce(0) { max($0, $1.rows, $1.columns) }
    }
}
