import Foundation
import HRMTensor

/// The description length of the known grids of a task, given the network's outputs.
///
/// A grid may lie anywhere on the canvas. Its probability is the sum over all places of the
/// probability of the place, from the scores of rows and columns, times that of its colours there.
package struct GridLoss {
    /// The factor of the description length of grids in the loss, that of latents being 1.
    package static let weight = 10.0
    /// The number of steps during which uncertain sizes count less.
    private static let warmUpSteps = 100.0

    private let task: TaskTensors
    private var rowLine: LineScores
    private var columnLine: LineScores
    /// Cross-entropy of each colour in each cell, `[X, Y, C + 1]`, and the probabilities.
    private var costs: [Float]
    private var probabilities: [Float]
    /// The logarithms of the joint probabilities of the places, then their shares, `[X, Y]`.
    private var joint: [Double]
    private var rowShares: [Double]
    private var columnShares: [Double]
    /// The share of each colour's targets in each cell, `[X, Y, C + 1]`.
    private var targets: [Float]

    /// Creates the loss of a task.
    package init(_ task: TaskTensors) {
        self.task = task
        let cells = task.rows * task.columns
        rowLine = LineScores(count: task.rows)
        columnLine = LineScores(count: task.columns)
        costs = Array(repeating: 0, count: cells * (task.colours + 1))
        probabilities = costs
        targets = costs
        joint = Array(repeating: 0, count: cells)
        rowShares = Array(repeating: 0, count: task.rows)
        columnShares = Array(repeating: 0, count: task.columns)
    }

    /// True if the size of a grid does not follow from the sizes of others.
    private func isUncertain(mode: Int) -> Bool {
        !(task.sizeIsKept || (mode == 1 ? task.outputSizesAgree : task.inputSizesAgree))
    }

    /// Computes the sum of the description lengths in nats, and the gradients of ``weight`` times
    /// the sum.
    ///
    /// - Parameters:
    ///   - heads: The outputs, and memory for their gradients, which are overwritten.
    ///   - step: The number of the step, from 0.
    /// - Returns: The sum in nats.
    package mutating func evaluate(_ heads: OutputHeads, step: Int) -> Double {
        heads.logitGradients.clear()
        heads.rowGradients.clear()
        heads.columnGradients.clear()
        let progress = max(0, 1 - Double(step) / Self.warmUpSteps)
        var sum = 0.0
        for example in 0..<task.examples {
            for mode in 0..<(example < task.trainingExamples ? 2 : 1) {
                sum += evaluate(heads, example: example, mode: mode, progress: progress)
            }
        }
        return sum
    }

    private mutating func evaluate(
        _ heads: OutputHeads, example: Int, mode: Int, progress: Double
    ) -> Double {
        let isUncertain = isUncertain(mode: mode)
        let scoreScale = isUncertain ? pow(0.01, progress) : 1
        let placeScale = isUncertain ? pow(0.1, progress) : 1
        evaluateLines(heads, example: example, mode: mode, isUncertain, scale: scoreScale)
        heads.logits.withValues { evaluateColours($0, example: example, mode: mode) }
        let size = task.sizes[example][mode]
        let result = evaluatePlaces(size, example: example, mode: mode, scale: placeScale)
        propagate(heads, example: example, mode: mode, scoreScale: scoreScale)
        return result
    }

    private mutating func evaluateLines(
        _ heads: OutputHeads, example: Int, mode: Int, _ isUncertain: Bool, scale: Double
    ) {
        let (rows, columns) = (task.rows, task.columns)
        let sizes = task.sizes[example]
        heads.rowScores.withValues { scores in
            rowLine.evaluate(
                length: sizes[mode].rows, isLengthKnown: !isUncertain,
                limit: max(sizes[0].rows, sizes[1].rows)
            ) { row in
                let place = (example * rows + row) * 2 + mode
                return scale * (Double(scores[place]) + Double(task.rowAddends[place]))
            }
        }
        heads.columnScores.withValues { scores in
            columnLine.evaluate(
                length: sizes[mode].columns, isLengthKnown: !isUncertain,
                limit: max(sizes[0].columns, sizes[1].columns)
            ) { column in
                let place = (example * columns + column) * 2 + mode
                return scale * (Double(scores[place]) + Double(task.columnAddends[place]))
            }
        }
    }

    /// Computes the cost and the probability of each colour in each cell.
    private mutating func evaluateColours(_ logits: Span<Float>, example: Int, mode: Int) {
        let (colours, cells) = (task.colours, task.rows * task.columns)
        for cell in 0..<cells {
            let first = cell * (colours + 1)
            var most: Float = 0
            for colour in 0..<colours {
                most = max(most, logits[((example * colours + colour) * cells + cell) * 2 + mode])
            }
            var total = exp(-most)
            probabilities[first] = total
            costs[first] = 0
            for colour in 0..<colours {
                let logit = logits[((example * colours + colour) * cells + cell) * 2 + mode]
                let share = exp(logit - most)
                total += share
                probabilities[first + 1 + colour] = share
                costs[first + 1 + colour] = logit
            }
            let logSum = most + log(total)
            for index in first...(first + colours) {
                probabilities[index] /= total
                costs[index] = logSum - costs[index]
            }
        }
    }

    /// Computes the description length of a grid, and the share of each place in its probability.
    private mutating func evaluatePlaces(
        _ size: GridSize, example: Int, mode: Int, scale: Double
    ) -> Double {
        let (rows, columns) = (rowLine.offsets, columnLine.offsets)
        var most = -Double.infinity
        for row in 0..<rows {
            for column in 0..<columns {
                let value =
                    scale
                    * (rowLine.places[row] + columnLine.places[column]
                        - cost(size, example: example, mode: mode, row: row, column: column))
                joint[row * columns + column] = value
                most = max(most, value)
            }
        }
        var total = 0.0
        for place in 0..<(rows * columns) { total += exp(joint[place] - most) }
        let logSum = most + log(total)
        for place in 0..<(rows * columns) { joint[place] = exp(joint[place] - logSum) }
        return -logSum / scale
    }

    /// The cost of a grid's colours at an offset.
    private func cost(_ size: GridSize, example: Int, mode: Int, row: Int, column: Int) -> Double {
        let (columns, classes) = (task.columns, task.colours + 1)
        var sum = 0.0
        for i in 0..<size.rows {
            let source = (example * task.rows + i) * columns
            let target = (row + i) * columns + column
            for j in 0..<size.columns {
                let colour = Int(task.cells[(source + j) * 2 + mode])
                sum += Double(costs[(target + j) * classes + colour])
            }
        }
        return sum
    }

    /// Writes the gradients of one grid.
    private mutating func propagate(
        _ heads: OutputHeads, example: Int, mode: Int, scoreScale: Double
    ) {
        let (rows, columns) = (rowLine.offsets, columnLine.offsets)
        for row in 0..<rows { rowShares[row] = 0 }
        for column in 0..<columns { columnShares[column] = 0 }
        for place in 0..<(rows * columns) {
            let gradient = -Self.weight * joint[place]
            rowShares[place / columns] += gradient
            columnShares[place % columns] += gradient
        }
        rowLine.propagate(rowShares)
        columnLine.propagate(columnShares)
        heads.rowGradients.withMutableValues { gradients in
            for row in 0..<task.rows {
                gradients[(example * task.rows + row) * 2 + mode] =
                    Float(scoreScale * rowLine.gradients[row])
            }
        }
        heads.columnGradients.withMutableValues { gradients in
            for column in 0..<task.columns {
                gradients[(example * task.columns + column) * 2 + mode] =
                    Float(scoreScale * columnLine.gradients[column])
            }
        }
        placeTargets(task.sizes[example][mode], example: example, mode: mode)
        heads.logitGradients.withMutableValues { gradients in
            let (colours, cells) = (task.colours, task.rows * task.columns)
            for cell in 0..<cells {
                let first = cell * (colours + 1)
                var covered: Float = 0
                for index in first...(first + colours) { covered += targets[index] }
                for colour in 0..<colours {
                    let index = first + 1 + colour
                    gradients[((example * colours + colour) * cells + cell) * 2 + mode] =
                        Float(Self.weight) * (covered * probabilities[index] - targets[index])
                }
            }
        }
    }

    /// Adds up the shares of the places at which each cell has each colour.
    private mutating func placeTargets(_ size: GridSize, example: Int, mode: Int) {
        let (columns, classes) = (task.columns, task.colours + 1)
        for index in targets.indices { targets[index] = 0 }
        for place in 0..<(rowLine.offsets * columnLine.offsets) {
            let share = Float(joint[place])
            guard share > 0 else { continue }
            let (row, column) = (place / columnLine.offsets, place % columnLine.offsets)
            for i in 0..<size.rows {
                let source = (example * task.rows + i) * columns
                let target = (row + i) * columns + column
                for j in 0..<size.columns {
                    let colour = Int(task.cells[(source + j) * 2 + mode])
                    targets[(target + j) * classes + colour] += share
                }
            }
        }
    }
}
