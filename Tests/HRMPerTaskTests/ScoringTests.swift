import Foundation
import HRMData
import Testing

@testable import HRMPerTask

/// Scores by all rules.
@Suite struct ScoringTests {
    struct Case: Decodable {
        var answers: [String: [[[UInt8]]]]
        var attempts: [String: [[[[UInt8]]]]]
        var tasks_solved: [String]
        var strict: Double
        var mean_over_outputs: Double
        var mean_over_tasks_of_fraction: Double
        var joint_attempt_reference: Double
    }

    private static func result(
        _ name: String, side: Int = 3, attempts: [[[[UInt8]]]], ranks: [Int?]? = nil,
        jointRank: Int? = nil
    ) -> TaskResult {
        let solution = PerTaskSolution(
            task: ARCTask(name: name, demonstrations: [], tests: []),
            progress: PerTaskProgress(
                step: 1, loss: 1, divergence: 1, reconstruction: 1, latest: [],
                attempts: attempts.map { grids in
                    grids.map {
                        TaskCandidate(
                            grid: PuzzleGrid(rows: $0), sureness: 0.5, firstStep: 0)
                    }
                }, stableSteps: 0, seconds: 2, flop: 100, ending: .steps, fraction: 1),
            candidates: attempts.map { _ in [] },
            ranks: ranks ?? attempts.map { _ in nil }, jointRank: jointRank)
        return TaskResult(solution, digest: "", largestSide: side)
    }

    @Test(arguments: GoldenFolder.names("scoring")) func matchesRecordedCase(
        _ name: String
    ) throws {
        let recorded = try GoldenFolder(name).json(Case.self)
        let names = recorded.answers.keys.sorted()
        let tasks = try names.map { name in
            let answers = try #require(recorded.answers[name])
            let input = PuzzleGrid(rows: 1, columns: 1, cells: [0])
            return ARCTask(
                name: name, demonstrations: [],
                tests: answers.map { ARCPair(input: input, output: PuzzleGrid(rows: $0)) })
        }
        let results = try names.map {
            Self.result($0, attempts: try #require(recorded.attempts[$0]))
        }
        let report = TaskSetReport(tasks: tasks, results: results)
        let rates = Dictionary(
            uniqueKeysWithValues: report.scores.map { ($0.rule, $0.passRates[1]) })
        #expect(rates[.hrm] == recorded.strict)
        #expect(rates[.kaggle] == recorded.mean_over_outputs)
        #expect(rates[.trm] == recorded.mean_over_tasks_of_fraction)
        #expect(report.joint[1] == recorded.joint_attempt_reference)
        #expect(report.total.second == recorded.tasks_solved.count)
        let solved = zip(tasks, results).filter { task, result in
            result.ranks(for: task)?.allSatisfy { $0 != nil } == true
        }
        #expect(solved.map(\.0.name) == recorded.tasks_solved)
    }

    @Test func tableIsCumulative() {
        let grid: [[UInt8]] = [[1]]
        let wrong: [[UInt8]] = [[2]]
        func task(_ name: String) -> ARCTask {
            let pair = ARCPair(
                input: PuzzleGrid(rows: grid), output: PuzzleGrid(rows: grid))
            return ARCTask(name: name, demonstrations: [pair], tests: [pair])
        }
        var unknown = task("e")
        unknown.tests[0].output = nil
        let tasks = ["a", "b", "c", "d"].map(task) + [unknown, task("f")]
        let results: [TaskResult?] = [
            Self.result("a", side: 5, attempts: [[grid, wrong]], ranks: [1]),
            Self.result("b", side: 6, attempts: [[wrong, grid]], ranks: [2]),
            Self.result("c", side: 11, attempts: [[wrong, wrong]], ranks: [7]),
            Self.result("d", side: 30, attempts: [[wrong]]),
            Self.result("e", side: 2, attempts: [[wrong]]), nil,
        ]
        let report = TaskSetReport(tasks: tasks, results: results)
        let rows = report.rows
        #expect(rows.map(\.largestSide) == [5, 6, 12, 30])
        #expect(rows.map(\.finished) == [2, 3, 4, 5])
        #expect(rows.map(\.scored) == [1, 2, 3, 4])
        #expect(rows.map(\.first) == [1, 1, 1, 1])
        #expect(rows.map(\.second) == [1, 2, 2, 2])
        #expect(rows.map(\.pool) == [1, 2, 3, 3])
        #expect(report.total.finished == 5 && report.total.seconds == 10)
        #expect(report.total.flop == 500)
        #expect(TaskSetReport(tasks: [], results: []).rows.isEmpty)
    }
}
