import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing

@testable import HRMPerTask

/// The selection of attempts, against recorded numbers and by properties.
@Suite struct SelectionTests {
    struct Case: Decodable {
        struct Pair: Decodable {
            var input: [[UInt8]]
            var output: [[UInt8]]?
            var pair: ARCPair {
                ARCPair(
                    input: PuzzleGrid(rows: input), output: output.map { PuzzleGrid(rows: $0) })
            }
        }
        struct Problem: Decodable {
            var train: [Pair]
            var test: [Pair]
        }
        struct Settings: Decodable {
            var problem: Problem
            var first_step: Int
            var steps: Int
        }
        struct Tolerance: Decodable { var of: [String: [Double]] }
        var settings: Settings
        var candidates: [[[[UInt8]]]]
        var first_pick: Int
        var second_pick: Int
        var tolerance: Tolerance

        var tensors: TaskTensors {
            get throws {
                let problem = settings.problem
                return TaskTensors(
                    try TaskExamples(
                        ARCTask(
                            name: "recorded", demonstrations: problem.train.map(\.pair),
                            tests: problem.test.map(\.pair))))
            }
        }

        /// The network's outputs in each step, with the addends of size scores.
        func history(_ folder: GoldenFolder) throws -> [TestOutputs] {
            let tensors = try self.tensors
            let file = try folder.tensors("given")
            let logits = try file.tensor("logits").floats()
            let rows = try file.tensor("row_scores_before_addend").floats()
            let columns = try file.tensor("column_scores_before_addend").floats()
            func step(_ values: [Float], _ number: Int, addends: [Float]?) -> [Float] {
                let count = values.count / settings.steps
                let part = Array(values[number * count..<(number + 1) * count])
                guard let addends else { return part }
                // Test pairs come last, and outputs are the second mode.
                let own = addends.suffix(2 * count).enumerated().filter { $0.offset % 2 == 1 }
                return zip(part, own).map { $0 + $1.element }
            }
            return (0..<settings.steps).map {
                TestOutputs(
                    logits: step(logits, $0, addends: nil),
                    rowScores: step(rows, $0, addends: tensors.rowAddends),
                    columnScores: step(columns, $0, addends: tensors.columnAddends))
            }
        }
    }

    @Test(arguments: GoldenFolder.names("select_")) func matchesRecordedCase(
        _ name: String
    ) throws {
        let folder = GoldenFolder(name)
        let recorded = try folder.json(Case.self)
        let task = try recorded.tensors
        let ids = try folder.tensors("ids")
        let candidates = try #require(try ids.tensor("candidate").integers())
        let picks = try #require(try ids.tensor("picks").integers())
        let scores = try folder.tensors("expected").tensor("score").doubles()
        let totals = try folder.tensors("expected").tensor("total").doubles()
        let grids = recorded.candidates.map { $0.map { PuzzleGrid(rows: $0) } }
        let scoreLimit = try #require(recorded.tolerance.of["score"]?.first)
        let totalLimit = try #require(recorded.tolerance.of["total"]?.first)

        var selection = CandidateSelection(task: task, rule: .published)
        for (number, outputs) in try recorded.history(folder).enumerated() {
            let step = recorded.settings.first_step + number
            selection.add(outputs, step: step)
            for (source, values) in [outputs, selection.running.mean].enumerated() {
                let readings = try #require(GridReading.readings(of: values, task: task))
                let place = number * 2 + source
                #expect(readings.map(\.grid) == grids[candidates[place]], "\(step), \(source)")
                let weight = CandidateSelection.weight(
                    of: readings, step: step, isMean: source == 1)
                #expect(abs(weight - scores[place]) <= scoreLimit, "\(step), \(source)")
            }
            let tally = selection.tallies[0]
            #expect(
                tally.attempts.map { tally.candidates[$0].grids }
                    == picks[number * 2..<number * 2 + 2].map { grids[$0] }, "\(step)")
        }
        let tally = selection.tallies[0]
        #expect(tally.candidates.map(\.grids) == grids)
        #expect(tally.attempts == [recorded.first_pick, recorded.second_pick])
        for (candidate, total) in zip(tally.candidates, totals) {
            #expect(abs(candidate.total - total) <= totalLimit)
        }
        #expect(tally.candidates.count == totals.count)
    }

    /// The two largest totals are picked whatever comes, and their order is that of the totals.
    @Test func largestTotalsArePicked() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var tally = CandidateTally(rule: .largest)
            var published = CandidateTally(rule: .published)
            for step in 0..<30 {
                let cell = UInt8.random(in: 0..<6, using: &generator)
                let grid = [PuzzleGrid(rows: 1, columns: 1, cells: [cell])]
                let weight = -Double.random(in: 0..<4, using: &generator)
                tally.add(grid, weight: weight, step: step)
                published.add(grid, weight: weight, step: step)
                let order = tally.candidates.indices.sorted {
                    tally.candidates[$0].total > tally.candidates[$1].total
                }
                #expect(tally.attempts == Array(order.prefix(2)))
                #expect(tally.ranking == order)
                #expect(published.attempts.count == 2)
                #expect(published.candidates == tally.candidates)
            }
            let shares = tally.candidates.reduce(0) { $0 + exp($1.total - tally.total) }
            #expect(abs(shares - 1) < 1e-12)
        }
    }

    /// The published rule keeps a copy of the first answer until a candidate reaches its total.
    @Test func thePublishedRuleBeginsWithACopy() {
        func grid(_ cell: UInt8) -> [PuzzleGrid] {
            [PuzzleGrid(rows: 1, columns: 1, cells: [cell])]
        }
        var tallies = [CandidateTally(rule: .published), CandidateTally(rule: .largest)]
        for index in tallies.indices {
            tallies[index].add(grid(1), weight: 0, step: 0)
            tallies[index].add(grid(2), weight: -1, step: 1)
        }
        #expect(tallies[0].attempts == [0, 0] && tallies[1].attempts == [0, 1])
        for index in tallies.indices { tallies[index].add(grid(3), weight: 1, step: 2) }
        #expect(tallies.map(\.attempts) == [[2, 0], [2, 0]])
        // The later of equal totals wins.
        for index in tallies.indices { tallies[index].add(grid(4), weight: 1, step: 3) }
        #expect(tallies.map(\.attempts) == [[3, 2], [3, 2]])
    }

    /// Test outputs that are judged on their own have the attempts that tasks with one test
    /// input each would have.
    @Test func outputsAreJudgedOnTheirOwn() throws {
        let folder = GoldenFolder("select_two_tests")
        let recorded = try folder.json(Case.self)
        let task = try recorded.tensors
        var whole = CandidateSelection(task: task)
        var own = CandidateSelection(task: task, unit: .output)
        for (step, outputs) in try recorded.history(folder).enumerated() {
            whole.add(outputs, step: step)
            own.add(outputs, step: step)
        }
        #expect(own.tallies.count == 2 && whole.tallies.count == 1)
        for test in 0..<2 {
            let candidates = own.candidates(ofTest: test)
            #expect(own.attempts(atTest: test) == Array(candidates.prefix(2)))
            let pool = Set(whole.candidates(ofTest: test).map(\.grid))
            #expect(pool == Set(candidates.map(\.grid)))
            #expect(candidates.count == pool.count)
            for (index, candidate) in candidates.enumerated() {
                #expect(own.rank(of: candidate.grid, test: test) == index + 1)
                #expect(candidate.sureness > 0 && candidate.sureness <= 1)
            }
        }
        let unknown = PuzzleGrid(rows: 1, columns: 1, cells: [9])
        #expect(own.rank(of: unknown, test: 0) == nil)
        #expect(own.attempts(atTest: 0) != own.attempts(atTest: 1))
    }

    @Test func stabilityCountsFromTheLastChange() throws {
        let folder = GoldenFolder("select_output_known")
        let recorded = try folder.json(Case.self)
        var selection = CandidateSelection(task: try recorded.tensors)
        let outputs = try recorded.history(folder)[0]
        #expect(selection.stableSteps(after: 0) == 0)
        for step in 0..<200 { selection.add(outputs, step: step) }
        #expect(selection.lastChange <= 150)
        #expect(selection.stableSteps(after: 200) == 50)
        #expect(selection.stableSteps(after: 149) == 0)
    }

    @Test func outputsThatAreNotFiniteAreNoAnswers() throws {
        let folder = GoldenFolder("select_output_known")
        let recorded = try folder.json(Case.self)
        var selection = CandidateSelection(task: try recorded.tensors)
        var outputs = try recorded.history(folder)[0]
        for index in outputs.logits.indices { outputs.logits[index] = .nan }
        let isReadable = selection.add(outputs, step: 0)
        #expect(!isReadable)
        #expect(selection.candidates(ofTest: 0).isEmpty && selection.attempts(atTest: 0).isEmpty)
    }

    /// Brute force over all ranges, in the order that decides ties.
    @Test func extentsHaveTheHighestScore() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let count = Int.random(in: 1...6, using: &generator)
            // Small whole numbers, so that there are ties and no rounding.
            let scores = (0..<count).map { _ in Float(Int.random(in: -2...2, using: &generator)) }
            for known in [nil, Int.random(in: 1...count, using: &generator)] {
                var best: (score: Float, range: Range<Int>)?
                for length in 1...count where known == nil || known == length {
                    for offset in 0...(count - length) {
                        let inside = offset..<offset + length
                        let score = scores.enumerated().reduce(Float(0)) {
                            $0 + (inside.contains($1.offset) ? $1.element : -$1.element)
                        }
                        if score > best?.score ?? -.infinity { best = (score, inside) }
                    }
                }
                #expect(GridReading.extent(scores[...], known: known) == best?.range)
            }
        }
    }
}
