import HRMData

/// The grids of one task as tensors, row-major.
///
/// `E` examples (demonstrations, then tests), `C` colours without black, `X` rows and `Y` columns of
/// the canvas; the last axis of grids is the mode, 0 for inputs and 1 for outputs. Every grid is in
/// the corner (0, 0) of the canvas. After Liao & Gu, *ARC-AGI Without Pretraining*
/// (arXiv 2512.06104).
package struct TaskTensors: Sendable {
    /// The number of examples `E`.
    package let examples: Int
    /// The number of demonstrations, which come first.
    package let trainingExamples: Int
    /// The number of colours without black `C`, at least 1.
    package let colours: Int
    /// The number of rows of the canvas `X`.
    package let rows: Int
    /// The number of columns of the canvas `Y`.
    package let columns: Int
    /// The size of each grid, `[example][mode]`; those of test outputs are predicted.
    package let sizes: [[GridSize]]
    /// Indices into ``palette``, `[E, X, Y, 2]`; 0 outside of grids and in all test outputs.
    package let cells: [Int32]
    /// 1 inside the grids, 0 outside, `[E, X, Y, 2]`; test outputs have their predicted sizes.
    package let mask: [Float]
    /// Addends of the scores of rows, `[E, X, 2]`: 0, or −1000 beyond both grids of the example.
    package let rowAddends: [Float]
    /// Addends of the scores of columns, `[E, Y, 2]`: 0, or −1000 beyond both grids of the example.
    package let columnAddends: [Float]
    /// True if the output of every demonstration has the size of its input.
    package let sizeIsKept: Bool
    /// True if all inputs, those of tests included, have one size.
    package let inputSizesAgree: Bool
    /// True if the outputs of all demonstrations have one size.
    package let outputSizesAgree: Bool
    /// The colours of the known grids in ascending order, `[C + 1]`; black (0) is always the first.
    package let palette: [UInt8]

    /// The addend of positions beyond the grids of an example.
    package static let outsideAddend: Float = -1000

    /// The number of test pairs `T`.
    package var tests: Int { examples - trainingExamples }
    /// True if the sizes of test outputs follow from known sizes, and are not predicted by the
    /// network.
    package var outputSizesAreKnown: Bool { sizeIsKept || outputSizesAgree }

    /// Prepares the examples of a task.
    package init(_ task: TaskExamples) {
        let inputs = task.demonstrations.map(\.input) + task.testInputs
        let outputs = task.demonstrations.map(\.output)
        examples = inputs.count
        trainingExamples = outputs.count
        sizeIsKept = task.demonstrations.allSatisfy { GridSize($0.input) == GridSize($0.output) }
        inputSizesAgree = Set(inputs.map { GridSize($0) }).count == 1
        outputSizesAgree = Set(outputs.map { GridSize($0) }).count == 1

        let bound = GridSize.bound((inputs + outputs).map { GridSize($0) })
        var sizes: [[GridSize]] = []
        for (example, input) in inputs.enumerated() {
            let output: GridSize
            if example < outputs.count {
                output = GridSize(outputs[example])
            } else if sizeIsKept {
                output = GridSize(input)
            } else if outputSizesAgree {
                output = GridSize(outputs[0])
            } else {
                output = bound
            }
            sizes.append([GridSize(input), output])
        }
        self.sizes = sizes
        let canvas = GridSize.bound(sizes.flatMap { $0 })
        (rows, columns) = (canvas.rows, canvas.columns)

        palette = Self.palette(of: inputs + outputs)
        colours = palette.count - 1
        let indices = Dictionary(
            uniqueKeysWithValues: palette.enumerated().map { ($1, Int32($0)) })

        var cells = [Int32](repeating: 0, count: examples * rows * columns * 2)
        var mask = [Float](repeating: 0, count: cells.count)
        for example in 0..<examples {
            let grids = [inputs[example], example < outputs.count ? outputs[example] : nil]
            for (mode, grid) in grids.enumerated() {
                let size = sizes[example][mode]
                for row in 0..<size.rows {
                    for column in 0..<size.columns {
                        let place = ((example * rows + row) * columns + column) * 2 + mode
                        mask[place] = 1
                        if let grid { cells[place] = indices[grid[row, column]] ?? 0 }
                    }
                }
            }
        }
        self.cells = cells
        self.mask = mask
        rowAddends = Self.addends(length: rows, known: sizes.map { max($0[0].rows, $0[1].rows) })
        columnAddends = Self.addends(
            length: columns, known: sizes.map { max($0[0].columns, $0[1].columns) })
    }

    /// Returns black and the colours of grids in ascending order.
    ///
    /// Grids that are all black get colour 1, since the colour axis cannot be empty.
    private static func palette(of grids: [PuzzleGrid]) -> [UInt8] {
        let colours = Set(grids.flatMap(\.cells)).union([0])
        return colours.count == 1 ? [0, 1] : colours.sorted()
    }

    private static func addends(length: Int, known: [Int]) -> [Float] {
        known.flatMap { known in
            (0..<length).flatMap { position in
                let addend = position < known ? 0 : outsideAddend
                return [addend, addend]
            }
        }
    }
}
