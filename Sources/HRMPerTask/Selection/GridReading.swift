import Foundation
import HRMData

/// A grid in the network's outputs, and the doubt about its cells.
struct GridReading: Sendable, Hashable {
    /// The grid, in the colours of the task.
    var grid: PuzzleGrid
    /// The mean over its cells of `logsumexp − max` of the logits, in nats; 0 for full certainty.
    var doubt: Double
}

extension GridReading {
    /// Returns the most probable grid of each test pair.
    ///
    /// - Parameters:
    ///   - outputs: The network's outputs.
    ///   - task: The task.
    /// - Returns: One grid per test pair; nil if an output is not finite.
    static func readings(of outputs: TestOutputs, task: TaskTensors) -> [GridReading]? {
        var readings: [GridReading] = []
        for test in 0..<task.tests {
            let size =
                task.outputSizesAreKnown
                ? task.sizes[task.trainingExamples + test][1] : nil
            let rows = extent(
                outputs.rowScores[test * task.rows..<(test + 1) * task.rows], known: size?.rows)
            let columns = extent(
                outputs.columnScores[test * task.columns..<(test + 1) * task.columns],
                known: size?.columns)
            let reading = reading(of: outputs, task: task, test: test, rows, columns)
            guard reading.doubt.isFinite else { return nil }
            readings.append(reading)
        }
        return readings
    }

    /// Returns the range of rows or columns that the answer takes on the canvas.
    ///
    /// The score of a range is the sum of the scores inside it minus the sum of those outside. The
    /// first of equal offsets wins, and the shorter of equal lengths.
    ///
    /// - Parameters:
    ///   - scores: The scores of all positions.
    ///   - known: The length; nil to choose it, too.
    /// - Returns: The range, beginning at 0 for the first position.
    static func extent(_ scores: ArraySlice<Float>, known: Int?) -> Range<Int> {
        var sums = [0.0]
        for score in scores { sums.append(sums[sums.count - 1] + Double(score)) }
        let total = sums[scores.count]
        var best = 0..<(known ?? 1)
        var bestScore = -Double.infinity
        for length in known.map({ $0...$0 }) ?? 1...scores.count {
            for offset in 0...(scores.count - length) {
                let score = 2 * (sums[offset + length] - sums[offset]) - total
                guard score > bestScore else { continue }
                bestScore = score
                best = offset..<offset + length
            }
        }
        return best
    }

    private static func reading(
        of outputs: TestOutputs, task: TaskTensors, test: Int, _ rows: Range<Int>,
        _ columns: Range<Int>
    ) -> GridReading {
        let plane = task.rows * task.columns
        let start = test * task.colours * plane
        var cells: [UInt8] = []
        cells.reserveCapacity(rows.count * columns.count)
        var doubt = 0.0
        for row in rows {
            for column in columns {
                let first = start + row * task.columns + column
                // Black's logit is 0.
                var best = 0
                var highest: Float = 0
                for colour in 0..<task.colours {
                    let logit = outputs.logits[first + colour * plane]
                    if logit > highest { (best, highest) = (colour + 1, logit) }
                }
                var sum = exp(-Double(highest))
                for colour in 0..<task.colours {
                    sum += exp(Double(outputs.logits[first + colour * plane]) - Double(highest))
                }
                doubt += log(sum)
                cells.append(task.palette[best])
            }
        }
        return GridReading(
            grid: PuzzleGrid(rows: rows.count, columns: columns.count, cells: cells),
            doubt: doubt / Double(cells.count))
    }
}
