/// When a task counts as solved.
public enum ARCScoringRule: String, Sendable, Hashable, CaseIterable {
    /// As HRM is scored: when all of its test inputs are.
    case hrm
    /// As TRM is scored, and the competition: each task counts by the share of its test inputs.
    case trm
}

/// How many tasks are solved with so many attempts at each test input.
public struct ARCScore: Sendable, Hashable {
    /// The attempts that are reported: 2 are allowed in the competition.
    public static let reportedAttempts = [1, 2, 10, 100, 1000]

    /// When a task counts as solved.
    public var rule: ARCScoringRule
    /// Tasks whose answers are known.
    public var taskCount: Int
    /// The numbers of attempts.
    public var attempts: [Int]
    /// For each of them, the tasks that are solved; fractions of tasks under TRM's rule.
    public var solved: [Double]

    /// For each number of attempts, the share of solved tasks, `0 ... 1`; 0 without tasks.
    public var passRates: [Double] {
        solved.map { taskCount == 0 ? 0 : $0 / Double(taskCount) }
    }
}

extension ARCVote {
    /// The score of the tasks whose answers are known.
    ///
    /// - Parameters:
    ///   - rule: When a task counts as solved.
    ///   - attempts: Numbers of attempts at each test input.
    ///   - onlyAnswered: Leave out tasks that the model was not asked about.
    /// - Returns: The score.
    public func score(
        rule: ARCScoringRule, attempts: [Int] = ARCScore.reportedAttempts,
        onlyAnswered: Bool = false
    ) -> ARCScore {
        var score = ARCScore(
            rule: rule, taskCount: 0, attempts: attempts,
            solved: attempts.map { _ in 0 })
        for task in tasks.indices where hasAnswers(task: task) || !onlyAnswered {
            let tests = tasks[task].tests
            guard tests.allSatisfy({ $0.output != nil }) else { continue }
            score.taskCount += 1
            let ranks = tests.indices.map { rank(ofTask: task, test: $0) }
            for (index, limit) in attempts.enumerated() {
                let right = ranks.count { $0.map { $0 <= limit } ?? false }
                switch rule {
                case .hrm: score.solved[index] += right == ranks.count ? 1 : 0
                case .trm: score.solved[index] += Double(right) / Double(ranks.count)
                }
            }
        }
        return score
    }

    /// The rank of the right answer, counting from 1; `nil` when it is not among the candidates.
    public func rank(ofTask task: Int, test: Int) -> Int? {
        guard let output = tasks[task].tests[test].output else { return nil }
        return ranking(ofTask: task, test: test).firstIndex { $0.grid == output }.map { $0 + 1 }
    }
}
