/// A rule for computing a score from solved test inputs; all rules agree for tasks with one test
/// input each.
public enum ARCScoringRule: String, Sendable, Hashable, CaseIterable {
    /// The share of tasks with all test inputs solved, as in HRM's published results.
    case hrm
    /// The mean over tasks of the share of solved test inputs, as in TRM's evaluation.
    case trm
    /// The share of all test inputs that are solved, regardless of their task, as scored by the
    /// competition on Kaggle.
    case kaggle

    /// The unit that the score is a share of.
    public var measure: String {
        switch self {
        case .hrm: "whole tasks"
        case .trm: "share per task"
        case .kaggle: "test inputs"
        }
    }
}

/// The score for several numbers of attempts at each test input.
public struct ARCScore: Sendable, Hashable {
    /// The numbers of attempts that are reported; the competition allows 2.
    public static let reportedAttempts = [1, 2, 10, 100, 1000]

    /// The scoring rule.
    public var rule: ARCScoringRule
    /// The number of tasks with known answers.
    public var taskCount: Int
    /// The number of their test inputs.
    public var testCount: Int
    /// The numbers of attempts.
    public var attempts: [Int]
    /// The solved tasks, fractions of tasks, or test inputs, for each number of attempts.
    public var solved: [Double]

    /// The maximum of ``solved``.
    public var total: Int { rule == .kaggle ? testCount : taskCount }

    /// The solved share for each number of attempts, `0 ... 1`; 0 without tasks.
    public var passRates: [Double] {
        solved.map { total == 0 ? 0 : $0 / Double(total) }
    }
}

extension ARCScore {
    /// Creates the score of ranked answers.
    ///
    /// - Parameters:
    ///   - rule: The scoring rule.
    ///   - attempts: The numbers of attempts at each test input.
    ///   - ranks: For each task with known answers and each of its test inputs, the number of
    ///     attempts that give the correct answer, counting from 1; nil if none does.
    public init(
        rule: ARCScoringRule, attempts: [Int] = ARCScore.reportedAttempts, ranks: [[Int?]]
    ) {
        self.init(
            rule: rule, taskCount: ranks.count, testCount: ranks.reduce(0) { $0 + $1.count },
            attempts: attempts, solved: attempts.map { _ in 0 })
        for task in ranks {
            for (index, limit) in attempts.enumerated() {
                let right = task.count { $0.map { $0 <= limit } ?? false }
                switch rule {
                case .hrm: solved[index] += right == task.count ? 1 : 0
                case .trm: solved[index] += Double(right) / Double(task.count)
                case .kaggle: solved[index] += Double(right)
                }
            }
        }
    }
}

extension ARCVote {
    /// Returns the score over the tasks with known answers.
    ///
    /// - Parameters:
    ///   - rule: The scoring rule.
    ///   - attempts: The numbers of attempts at each test input.
    ///   - onlyAnswered: True to leave out tasks without any answer from the model.
    /// - Returns: The score.
    public func score(
        rule: ARCScoringRule, attempts: [Int] = ARCScore.reportedAttempts,
        onlyAnswered: Bool = false
    ) -> ARCScore {
        let scored = tasks.indices.filter { task in
            let tests = tasks[task].tests
            return (hasAnswers(task: task) || !onlyAnswered) && !tests.isEmpty
                && tests.allSatisfy { $0.output != nil }
        }
        return ARCScore(
            rule: rule, attempts: attempts,
            ranks: scored.map { task in
                tasks[task].tests.indices.map { rank(ofTask: task, test: $0) }
            })
    }

    /// Returns the rank of the correct answer, counting from 1; `nil` if it is not a candidate.
    public func rank(ofTask task: Int, test: Int) -> Int? {
        guard let output = tasks[task].tests[test].output else { return nil }
        return ranking(ofTask: task, test: test).firstIndex { $0.grid == output }.map { $0 + 1 }
    }
}
