package import HRMData

/// The figures of an evaluation of many tasks.
package struct TaskSetReport: Sendable, Hashable {
    /// The figures of the tasks up to a size, or of all.
    package struct Row: Sendable, Hashable {
        /// The longest side of all grids, correct answers included; nil for all tasks.
        package var largestSide: Int?
        /// The number of finished tasks.
        package var finished = 0
        /// The number of finished tasks with known answers, of which the next ones are counts.
        package var scored = 0
        /// Tasks whose outputs are all answered by the first attempts.
        package var first = 0
        /// Tasks whose outputs are all answered by one of their two attempts: the score.
        package var second = 0
        /// Tasks whose outputs were all answered in some step.
        package var pool = 0
        /// The time of all finished tasks in seconds.
        package var seconds = 0.0
        /// The floating-point operations of all finished tasks.
        package var flop = 0.0
    }

    /// The sizes of the rows of the table.
    package static let sides = [5, 6, 8, 10, 12, 15, 20, 30]

    /// Cumulative figures by the longest side; rows without further tasks are omitted.
    package var rows: [Row] = []
    /// The figures of all tasks.
    package var total = Row()
    /// The scores by the three rules, for 1 and 2 attempts and for all candidates.
    package var scores: [ARCScore] = []
    /// The share of tasks of which one attempt answers all outputs at once, for 1 and 2 attempts.
    package var joint: [Double] = []

    /// The number of attempts that stands for all candidates.
    package static let allCandidates = Int.max

    /// Creates the figures of results.
    ///
    /// - Parameters:
    ///   - tasks: The tasks with their correct answers.
    ///   - results: Their results; nil for tasks that are not finished.
    package init(tasks: [ARCTask], results: [TaskResult?]) {
        precondition(
            tasks.count == results.count, "\(results.count) results of \(tasks.count) tasks")
        var allRanks: [[Int?]] = []
        var jointRanks: [Int?] = []
        var rows = Self.sides.map { Row(largestSide: $0) }
        for (task, result) in zip(tasks, results) {
            guard let result else { continue }
            let ranks = result.ranks(for: task)
            if let ranks {
                allRanks.append(ranks)
                jointRanks.append(Self.jointRank(of: result, for: task))
            }
            func add(_ row: inout Row) {
                row.finished += 1
                row.seconds += result.seconds
                row.flop += result.flop
                guard let ranks else { return }
                func isSolved(_ attempts: Int) -> Bool {
                    ranks.allSatisfy { $0.map { $0 <= attempts } ?? false }
                }
                row.scored += 1
                row.first += isSolved(1) ? 1 : 0
                row.second += isSolved(2) ? 1 : 0
                row.pool += isSolved(Self.allCandidates) ? 1 : 0
            }
            add(&total)
            let side = max(result.largestSide, task.longestSide)
            for index in rows.indices where side <= Self.sides[index] {
                add(&rows[index])
            }
        }
        var before = 0
        self.rows = rows.filter { row in
            defer { before = row.finished }
            return row.finished > before
        }
        scores = ARCScoringRule.allCases.map {
            ARCScore(rule: $0, attempts: [1, 2, Self.allCandidates], ranks: allRanks)
        }
        joint = [1, 2].map { attempts in
            let solved = jointRanks.count { $0.map { $0 <= attempts } ?? false }
            return jointRanks.isEmpty ? 0 : Double(solved) / Double(jointRanks.count)
        }
    }

    /// Returns the number of the first attempt that answers all outputs at once.
    private static func jointRank(of result: TaskResult, for task: ARCTask) -> Int? {
        let attempts = result.attempts
        let most = attempts.map(\.count).min() ?? 0
        let place = (0..<most).first { number in
            zip(task.tests, attempts).allSatisfy { $0.output == $1[number] }
        }
        return place.map { $0 + 1 } ?? result.jointRank.flatMap { $0 > most ? $0 : nil }
    }
}
