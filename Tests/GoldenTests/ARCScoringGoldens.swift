import Foundation
import HRMData
import Testing

private struct ScoringRecord: Decodable {
    struct Crop: Decodable {
        var index: Int
        var cropped: [[UInt8]]
    }
    struct Candidate: Decodable {
        var grid: [[UInt8]]
        var votes: Int
        var mean_q: Double
    }
    struct Test: Decodable {
        var puzzle: String
        var input: [[UInt8]]
        var ranking: [Candidate]
        var label: [[UInt8]]
        var rank_of_label: Int?
    }
    var crop: [Crop]
    var identifiers: [String]
    var tests: [Test]
    /// In percent, rounded to two places.
    var pass_at: [String: Double]
    var puzzles_right_at: [String: [String]]
    var pass_at_by_fraction_of_tests: [String: Double]

    /// The tasks that were scored, in their order; demonstrations play no part.
    var tasks: [ARCTask] {
        var tasks: [ARCTask] = []
        for test in tests {
            let pair = ARCPair(
                input: PuzzleGrid(rows: test.input), output: PuzzleGrid(rows: test.label))
            if tasks.last?.name == test.puzzle {
                tasks[tasks.count - 1].tests.append(pair)
            } else {
                tasks.append(ARCTask(name: test.puzzle, demonstrations: [], tests: [pair]))
            }
        }
        return tasks
    }
}

private let blank = 0

/// Lets recorded predictions vote.
private func vote(
    on tasks: [ARCTask], names: [String], predictions: GoldenTensors
) throws -> ARCVote {
    var vote = ARCVote(tasks: tasks, canvas: ARCCanvas())
    let identifiers = try predictions["puzzle_identifiers"].integers
    let inputs = try predictions["inputs"].integers.map(Int32.init)
    let answers = try predictions["predicted_tokens"].integers.map(Int32.init)
    let qHalt = try predictions["q_halt_logits"].floats
    let length = inputs.count / identifiers.count
    for (row, identifier) in identifiers.enumerated() {
        let cells = (row * length)..<((row + 1) * length)
        let isCounted = vote.add(
            name: names[identifier], input: Array(inputs[cells]), answer: Array(answers[cells]),
            qHalt: qHalt[row])
        #expect(isCounted == (identifier != blank))
    }
    return vote
}

/// Crops, candidates with their votes and order, and pass@k under both rules.
func checkARCScoring(_ golden: GoldenCase) throws {
    let record = try golden.json(ScoringRecord.self)
    let tensors = try golden.tensors()
    for crop in record.crop {
        let tokens = try tensors["crop.\(crop.index)"].integers.map(Int32.init)
        #expect(ARCCanvas().decode(tokens) == PuzzleGrid(rows: crop.cropped))
    }
    let vote = try vote(on: record.tasks, names: record.identifiers, predictions: tensors)
    var place = 0
    for (index, task) in vote.tasks.enumerated() {
        for test in task.tests.indices {
            let expected = record.tests[place]
            place += 1
            let ranking = vote.ranking(ofTask: index, test: test)
            #expect(ranking.map(\.votes) == expected.ranking.map(\.votes))
            #expect(ranking.map(\.grid) == expected.ranking.map { PuzzleGrid(rows: $0.grid) })
            for (candidate, recorded) in zip(ranking, expected.ranking) {
                #expect(abs(candidate.meanConfidence - recorded.mean_q) < 1e-6)
            }
            #expect(vote.rank(ofTask: index, test: test) == expected.rank_of_label)
        }
    }
    let attempts = record.pass_at.keys.compactMap { Int($0) }.sorted()
    #expect(attempts.count == record.pass_at.count)
    let strict = vote.score(rule: .hrm, attempts: attempts)
    let shared = vote.score(rule: .trm, attempts: attempts)
    #expect(strict.taskCount == vote.tasks.count)
    for (index, limit) in attempts.enumerated() {
        let right = try #require(record.puzzles_right_at["\(limit)"])
        #expect(strict.solved[index] == Double(right.count))
        let percent = try #require(record.pass_at["\(limit)"])
        #expect(abs(100 * strict.passRates[index] - percent) < 0.0051)
        let fraction = try #require(record.pass_at_by_fraction_of_tests["\(limit)"])
        #expect(abs(100 * shared.passRates[index] - fraction) < 1e-9)
    }
}

/// The same predictions under TRM's names and rule, and its submission.
func checkTRMARCScoring(_ golden: GoldenCase) throws {
    struct Record: Decodable {
        struct Attempts: Decodable, Equatable {
            var attempt_1: [[UInt8]]
            var attempt_2: [[UInt8]]
        }
        var predictions_case: String
        var identifiers: [String]
        var result: [String: Double]
        var submission: [String: [Attempts]]
    }
    let record = try golden.json(Record.self)
    let predictions = try GoldenCase.beside(golden, named: record.predictions_case)
    let vote = try vote(
        on: predictions.json(ScoringRecord.self).tasks, names: record.identifiers,
        predictions: predictions.tensors())
    for (name, expected) in record.result {
        let limit = try #require(name.split(separator: "@").last.flatMap { Int($0) })
        let score = vote.score(rule: .trm, attempts: [limit])
        #expect(abs(score.passRates[0] - expected) < 1e-9)
    }
    let text = ARCSubmission(vote).jsonText
    let submission = try JSONDecoder().decode(
        [String: [Record.Attempts]].self, from: Data(text.utf8))
    #expect(submission == record.submission)
}
