import Foundation
import HRMData
import HRMTensor
import Testing

@Suite struct ARCVoteTests {
    static let canvas = ARCCanvas(size: 8)
    static let tasks = (0..<4).map { ARCSamples.task("task_\($0)", seed: UInt64($0)) }

    static func tokens(_ grid: PuzzleGrid) -> [Int32] { canvas.encode(grid).map(Int32.init) }

    /// Adds answers to a test input in different augmentations, each transformed accordingly.
    static func add(
        _ answers: [(grid: PuzzleGrid, qHalt: Float)], to vote: inout ARCVote, task: Int, test: Int,
        using random: inout SeededGenerator
    ) throws {
        for answer in answers {
            let augmentation = try ARCAugmentationTests.random(&random)
            let isCounted = vote.add(
                name: augmentation.name(of: vote.tasks[task].name),
                input: tokens(augmentation.apply(to: vote.tasks[task].tests[test].input)),
                answer: tokens(augmentation.apply(to: answer.grid)), qHalt: answer.qHalt)
            #expect(isCounted)
        }
    }

    @Test func rightAnswersScoreOne() throws {
        var random = SeededGenerator(seed: 7)
        var vote = ARCVote(tasks: Self.tasks, canvas: Self.canvas)
        for (index, task) in Self.tasks.enumerated() {
            for (test, pair) in task.tests.enumerated() {
                let output = try #require(pair.output)
                try Self.add(
                    (0..<5).map { _ in (output, 1) }, to: &vote, task: index, test: test,
                    using: &random)
                #expect(vote.rank(ofTask: index, test: test) == 1)
                #expect(vote.ranking(ofTask: index, test: test).map(\.votes) == [5])
            }
        }
        for rule in ARCScoringRule.allCases {
            #expect(vote.score(rule: rule).passRates == [1, 1, 1, 1, 1])
        }
    }

    @Test func emptyAndForeignAnswersScoreZero() {
        let nothing = [Int32](repeating: 0, count: 64)
        var vote = ARCVote(tasks: Self.tasks, canvas: Self.canvas)
        #expect(vote.score(rule: .hrm).passRates == [0, 0, 0, 0, 0])
        let foreign = ["<blank>", "task_0"].map {
            vote.add(name: $0, input: nothing, answer: nothing, qHalt: 0)
        }
        #expect(foreign == [false, false])
        for task in Self.tasks {
            for pair in task.tests {
                let input = Self.tokens(pair.input)
                for qHalt in [Float.nan, .infinity, -.infinity, 0] {
                    let isCounted = vote.add(
                        name: task.name, input: input, answer: nothing, qHalt: qHalt)
                    #expect(isCounted)
                }
            }
        }
        #expect(vote.score(rule: .trm).passRates == [0, 0, 0, 0, 0])
        #expect(vote.ranking(ofTask: 0, test: 0).map(\.grid.rows) == [0])
        let submission = ARCSubmission(vote)
        #expect(submission.tasks.count == 4)
        #expect(submission.tasks.allSatisfy { $0.tests.allSatisfy { $0.count == 2 } })
        #expect(
            submission.jsonText.hasPrefix(
                "{\"task_0\": [{\"attempt_1\": [], \"attempt_2\": []}, {\"attempt_1\""))
    }

    /// Candidates are ordered by votes, then confidence, then order of appearance.
    @Test func ranking() throws {
        var random = SeededGenerator(seed: 9)
        var vote = ARCVote(tasks: [Self.tasks[0]], canvas: Self.canvas)
        let grids = (0..<5).map {
            PuzzleGrid(rows: 1, columns: $0 + 1, cells: Array(repeating: 4, count: $0 + 1))
        }
        try Self.add(
            [
                (grids[0], 0), (grids[1], 3), (grids[2], -1), (grids[3], 0), (grids[2], -2),
                (grids[4], .nan),
            ], to: &vote, task: 0, test: 1, using: &random)
        let ranking = vote.ranking(ofTask: 0, test: 1)
        #expect(ranking.map(\.grid) == [2, 1, 0, 3, 4].map { grids[$0] })
        #expect(ranking.map(\.votes) == [2, 1, 1, 1, 1])
        #expect(abs(ranking[0].meanConfidence - (0.268941 + 0.119203) / 2) < 1e-5)
        #expect(vote.ranking(ofTask: 0, test: 0).isEmpty)
        // A single candidate fills both attempts.
        let attempts = ARCSubmission(vote).tasks[0].tests
        #expect(attempts[1] == [grids[2], grids[1]])
        #expect(attempts[0].map(\.rows) == [0, 0])
    }

    @Test func rulesDifferForTasksWithSeveralTests() throws {
        var random = SeededGenerator(seed: 11)
        var vote = ARCVote(tasks: Array(Self.tasks[0..<2]), canvas: Self.canvas)
        let output = try #require(Self.tasks[0].tests[0].output)
        try Self.add([(output, 0)], to: &vote, task: 0, test: 0, using: &random)
        #expect(vote.score(rule: .hrm, attempts: [1]).solved == [0])
        #expect(vote.score(rule: .trm, attempts: [1]).solved == [0.5])
        #expect(vote.score(rule: .trm, attempts: [1]).passRates == [0.25])
        #expect(vote.score(rule: .kaggle, attempts: [1]).solved == [1])
        #expect(vote.score(rule: .kaggle, attempts: [1]).passRates == [0.25])
        #expect(vote.score(rule: .trm, attempts: [1], onlyAnswered: true).passRates == [0.5])
    }

    /// Eight tasks with 21 test inputs, of which 17 are solved: five tasks completely, one to three
    /// quarters, two not at all.
    @Test func theThreeRulesAreThreeFigures() throws {
        let shares = [(2, 2), (3, 3), (3, 3), (3, 3), (3, 3), (0, 1), (3, 4), (0, 2)]
        let tasks = shares.enumerated().map { index, share in
            ARCSamples.task("many_\(index)", seed: UInt64(90 + index), tests: share.1)
        }
        var random = SeededGenerator(seed: 12)
        var vote = ARCVote(tasks: tasks, canvas: Self.canvas)
        for (index, share) in shares.enumerated() {
            for test in 0..<share.0 {
                let output = try #require(tasks[index].tests[test].output)
                try Self.add([(output, 1)], to: &vote, task: index, test: test, using: &random)
            }
        }
        let scores = ARCScoringRule.allCases.map { vote.score(rule: $0, attempts: [2]) }
        #expect(scores.map(\.rule.rawValue) == ["hrm", "trm", "kaggle"])
        #expect(scores.map { ($0.passRates[0] * 1000).rounded() } == [625, 719, 810])
        #expect(scores.map(\.total) == [8, 8, 21])
        #expect(scores.map(\.solved) == [[5], [5.75], [17]])
    }

    @Test func tasksWithoutTestInputsAreNotScored() {
        var task = Self.tasks[0]
        task.tests = []
        let vote = ARCVote(tasks: [task], canvas: Self.canvas)
        for rule in ARCScoringRule.allCases {
            #expect(vote.score(rule: rule).passRates == [0, 0, 0, 0, 0])
        }
    }

    @Test func tasksWithSecretAnswersAreNotScored() throws {
        var tasks = Self.tasks
        tasks[1].tests[1].output = nil
        let vote = ARCVote(tasks: tasks, canvas: Self.canvas)
        #expect(vote.score(rule: .hrm).taskCount == 3)
        #expect(vote.rank(ofTask: 1, test: 1) == nil)
        #expect(ARCSubmission(vote).tasks.count == 4)
    }
}
