package import HRMData

/// The result of the learning of one task, as stored in a file.
package struct TaskResult: Sendable, Hashable, Codable {
    /// The answers to one test input.
    package struct Test: Sendable, Hashable, Codable {
        /// An attempt.
        package struct Attempt: Sendable, Hashable, Codable {
            /// The rows of the grid.
            package var grid: [[UInt8]]
            /// The share of the grid in the weights of all answers, `0 ... 1`.
            package var sureness: Double
        }

        /// The attempts, the best first; at most two.
        package var attempts: [Attempt]
        /// The number of different answers of all steps.
        package var candidates: Int
        /// The number of attempts that it would have taken to give the correct answer; nil if it
        /// is unknown or was never given.
        package var rank: Int?
    }

    /// The name of the task.
    package var task: String
    /// The digest of the task's examples.
    package var digest: String
    /// The longest side of the canvas.
    package var largestSide: Int
    /// The number of training steps.
    package var steps: Int
    /// The reason why learning ended.
    package var ending: PerTaskProgress.Ending
    /// The time spent in seconds.
    package var seconds: Double
    /// The floating-point operations.
    package var flop: Double
    /// The description length of the latents after the last step in nats; nil if not finite.
    package var divergence: Double?
    /// The description length of the known grids after the last step in nats; nil if not finite.
    package var reconstruction: Double?
    /// The answers to each test input.
    package var tests: [Test]
    /// The number of attempts that it would have taken to answer all test inputs at once; nil if
    /// an answer is unknown or was never given.
    package var jointRank: Int?

    private enum CodingKeys: String, CodingKey {
        case task, digest, steps, ending, seconds, flop, divergence, reconstruction, tests
        case largestSide = "largest_side"
        case jointRank = "joint_rank"
    }

    /// Creates the result of a solution.
    init(_ solution: PerTaskSolution, digest: String, largestSide: Int) {
        let progress = solution.progress
        task = solution.task.name
        self.digest = digest
        self.largestSide = largestSide
        steps = progress.step
        ending = solution.ending
        seconds = progress.seconds
        flop = progress.flop
        divergence = progress.divergence.isFinite ? progress.divergence : nil
        reconstruction = progress.reconstruction.isFinite ? progress.reconstruction : nil
        tests = solution.candidates.indices.map { test in
            Test(
                attempts: progress.attempts[test].map {
                    Test.Attempt(grid: $0.grid.rowLists, sureness: $0.sureness)
                },
                candidates: solution.candidates[test].count, rank: solution.ranks[test])
        }
        jointRank = solution.jointRank
    }

    /// The grids of the attempts at each test input.
    package var attempts: [[PuzzleGrid]] {
        tests.map { $0.attempts.map { PuzzleGrid(rowLists: $0.grid) } }
    }

    /// Returns the ranks of the correct answers of a task.
    ///
    /// Attempts are compared again, so answers that became known later count.
    ///
    /// - Parameter task: The task of this result.
    /// - Returns: The number of attempts for each test input, nil if the answer was never given;
    ///   nil for a task whose answers are not all known.
    package func ranks(for task: ARCTask) -> [Int?]? {
        guard task.tests.count == tests.count else { return nil }
        var ranks: [Int?] = []
        for (test, attempts) in zip(task.tests.indices, attempts) {
            guard let output = task.tests[test].output else { return nil }
            if let place = attempts.firstIndex(of: output) {
                ranks.append(place + 1)
            } else {
                ranks.append(tests[test].rank.flatMap { $0 > attempts.count ? $0 : nil })
            }
        }
        return ranks
    }
}

extension TaskResult {
    /// The reason why a decoded result is impossible; nil if it is not.
    var problem: String? {
        let sides = 1...ARCTask.largestSide
        guard sides.contains(largestSide) else { return "'largest_side' is \(largestSide)" }
        guard steps >= 0, seconds >= 0, seconds.isFinite, flop >= 0, flop.isFinite else {
            return "a number of steps, seconds or operations is impossible"
        }
        guard jointRank ?? 1 >= 1 else { return "'joint_rank' is \(jointRank ?? 0)" }
        for test in tests {
            guard test.attempts.count <= ARCSubmission.attempts, test.candidates >= 0,
                test.rank ?? 1 >= 1
            else { return "a test has impossible counts" }
            for attempt in test.attempts {
                guard (0...1.000001).contains(attempt.sureness) else {
                    return "a sureness is \(attempt.sureness)"
                }
                let width = attempt.grid.first?.count ?? 0
                guard sides.contains(attempt.grid.count), sides.contains(width),
                    attempt.grid.allSatisfy({ row in
                        row.count == width
                            && row.allSatisfy { $0 < UInt8(ARCTask.colorCount) }
                    })
                else { return "a grid is not an ARC grid" }
            }
        }
        return nil
    }
}

extension PuzzleGrid {
    /// The rows as lists.
    var rowLists: [[UInt8]] {
        (0..<rows).map { row in Array(cells[row * columns..<(row + 1) * columns]) }
    }

    /// Creates a grid from rows of one length.
    init(rowLists rows: [[UInt8]]) {
        self.init(
            rows: rows.count, columns: rows.first?.count ?? 0, cells: rows.flatMap { $0 })
    }
}
