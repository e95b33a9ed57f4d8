/// How solved test inputs become a score; for tasks with one test input each, all rules agree.
public enum ARCScoringRule: String, Sendable, Hashable, CaseIterable {
    /// Whole tasks: a task counts when all of its test inputs are solved, as HRM's published figures
    /// are.
    case hrm
    /// The mean over tasks of the share of a task's test inputs that are solved, as TRM's evaluation
    /// computes it.
    case trm
    /// The share of all test inputs that are solved, whatever task they belong to, as the competition
    /// on Kaggle is scored.
    case kaggle

    /// What the score is a share of.
    public var measure: String {
        switch self {
        case .hrm: "whole tasks"
        case .trm: "share per task"
        case .kaggle: "test inputs"
        }
    }
}

/// How much is solved with so many attempts at each test input.
public struct ARCScore: Sendable, Hashable {
    /// The attempts that are reported: 2 are allowed in the competition.
    public static let reportedAttempts = [1, 2, 10, 100, 1000]

    /// How the score is formed.
    public var rule: ARCScoringRule
    /// Tasks whose answers are known.
    public var taskCount: Int
    /// Their test inputs.
    public var testCount: Int
    /// The numbers of attempts.
    public var attempts: [Int]
    /// For each of them, what is solved: tasks, fractions of tasks, or test inputs.
    public var solved: [Double]

    /// What ``solved`` is counted out of.
    public var total: Int { rule == .kaggle ? testCount : taskCount }

    /// For each number of attempts, the share that is solved, `0 ... 1`; 0 without tasks.
    public var passRates: [Double] {
        solved.map { total == 0 ? 0 : $0 / Double(total) }
    }
}

extension ARCVote {
    /// The score of the tasks whose answers are known.
    ///
    /// - Parameters:
    ///   - rule: How the score is formed.
    ///   - attempts: Numbers of attempts at each test input.
    ///   - onlyAnswered: Leave out tasks that the model was not asked about.
    /// - Returns: The score.
    public func score(
        rule: ARCScoringRule, attempts: [Int] = ARCScore.reportedAttempts,
        onlyAnswered: Bool = false
    ) -> ARCScore {
        var score = ARCScore(
            rule: rule, taskCount: 0, testCount: 0, attempts: attempts,
            solved: attempts.map { _ in 0 })
        for task in tasks.indices where hasAnswers(task: task) || !onlyAnswered {
            let tests = tasks[task].tests
            guard !tests.isEmpty, tests.allSatisfy({ $0.output != nil }) else { continue }
            score.taskCount += 1
            score.testCount += tests.count
            let ranks = tests.indices.map { rank(ofTask: task, test: $0) }
            for (index, limit) in attempts.enumerated() {
                let right = ranks.count { $0.map { $0 <= limit } ?? false }
                switch rule {
                case .hrm: score.solved[index] += right == ranks.count ? 1 : 0
                case .trm: score.solved[index] += Double(right) / Double(ranks.count)
                case .kaggle: score.solved[index] += Double(right)
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
