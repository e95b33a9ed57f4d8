import Foundation
package import HRMData

/// The selection of two attempts from the answers of all steps of a learner.
///
/// In every step the network's outputs and their running mean give one answer each. The weight of
/// an answer is `exp(−10 · doubt)`, less by `exp(−10)` before step 150 and by `exp(−4)` for the
/// mean; the weights of equal answers add up. After Liao & Gu, *ARC-AGI Without Pretraining*
/// (arXiv 2512.06104).
package struct CandidateSelection: Sendable {
    /// The number of steps at the beginning whose answers hardly count.
    package static let earlySteps = 150

    private static let doubtFactor = 10.0
    private static let earlyPenalty = 10.0
    private static let meanPenalty = 4.0

    private let task: TaskTensors
    /// The unit in which candidates are compared.
    let unit: CandidateUnit
    /// The rule by which attempts are chosen.
    let rule: AttemptRule
    /// The running mean of the outputs.
    private(set) var running: RunningOutputs
    /// The candidates: one tally of whole tasks, or one for each test pair.
    private(set) var tallies: [CandidateTally]
    /// The answer of the last step to each test input; empty if there was none.
    package private(set) var latest: [PuzzleGrid] = []
    /// The step after which the attempts last changed; −1 before the first one.
    private(set) var lastChange = -1

    /// Creates a selection without candidates.
    package init(task: TaskTensors, rule: AttemptRule = .largest, unit: CandidateUnit = .task) {
        self.task = task
        self.rule = rule
        self.unit = unit
        running = RunningOutputs(task: task)
        tallies = Array(
            repeating: CandidateTally(rule: rule), count: unit == .task ? 1 : task.tests)
    }

    /// Restores a selection.
    init(
        task: TaskTensors, rule: AttemptRule, unit: CandidateUnit, running: RunningOutputs,
        tallies: [CandidateTally], lastChange: Int
    ) {
        self.task = task
        self.rule = rule
        self.unit = unit
        self.running = running
        self.tallies = tallies
        self.lastChange = lastChange
    }

    /// Adds the answers of a step.
    ///
    /// - Parameters:
    ///   - outputs: The network's outputs in the step.
    ///   - step: The step, counting from 0.
    /// - Returns: True if an answer could be read from the outputs; false if they are not finite.
    @discardableResult
    package mutating func add(_ outputs: TestOutputs, step: Int) -> Bool {
        let before = attemptGrids
        running.add(outputs)
        var isReadable = true
        latest = []
        for (source, isMean) in [(outputs, false), (running.mean, true)] {
            guard let readings = GridReading.readings(of: source, task: task) else {
                isReadable = false
                continue
            }
            if !isMean { latest = readings.map(\.grid) }
            let groups = unit == .task ? [readings] : readings.map { [$0] }
            for (index, group) in groups.enumerated() {
                let weight = Self.weight(of: group, step: step, isMean: isMean)
                tallies[index].add(group.map(\.grid), weight: weight, step: step)
            }
        }
        if attemptGrids != before { lastChange = step }
        return isReadable
    }

    /// Returns the logarithm of an answer's weight.
    static func weight(of group: [GridReading], step: Int, isMean: Bool) -> Double {
        let doubt = group.reduce(0) { $0 + $1.doubt } / Double(group.count)
        return -doubtFactor * doubt - (step < earlySteps ? earlyPenalty : 0)
            - (isMean ? meanPenalty : 0)
    }

    /// The grids of the attempts, in the order of the tallies.
    private var attemptGrids: [[[PuzzleGrid]]] {
        tallies.map { tally in tally.attempts.map { tally.candidates[$0].grids } }
    }

    /// Returns the number of steps for which both attempts have been the same.
    ///
    /// - Parameter steps: The number of steps so far.
    /// - Returns: The number, without the first steps whose answers hardly count.
    package func stableSteps(after steps: Int) -> Int {
        max(0, steps - max(lastChange + 1, Self.earlySteps))
    }

    /// Returns the candidates for a test output, the attempts first.
    ///
    /// - Parameter test: The index of the test pair.
    /// - Returns: All different grids, each with the weights of all its candidates.
    package func candidates(ofTest test: Int) -> [TaskCandidate] {
        let tally = tallies[unit == .task ? 0 : test]
        let member = unit == .task ? test : 0
        let all = tally.total
        var places: [PuzzleGrid: Int] = [:]
        var result: [(grid: PuzzleGrid, total: Double, firstStep: Int)] = []
        for index in tally.ranking {
            let candidate = tally.candidates[index]
            let grid = candidate.grids[member]
            if let place = places[grid] {
                result[place].total = LogSum.add(result[place].total, candidate.total)
                result[place].firstStep = min(result[place].firstStep, candidate.firstStep)
            } else {
                places[grid] = result.count
                result.append((grid, candidate.total, candidate.firstStep))
            }
        }
        return result.map {
            TaskCandidate(grid: $0.grid, sureness: exp($0.total - all), firstStep: $0.firstStep)
        }
    }

    /// Returns the number of attempts after which a test output is answered with a grid.
    ///
    /// - Parameters:
    ///   - grid: The grid.
    ///   - test: The index of the test pair.
    /// - Returns: The number, counting from 1, if candidates became attempts in the order of their
    ///   totals; nil if the grid is not a candidate.
    package func rank(of grid: PuzzleGrid, test: Int) -> Int? {
        let tally = tallies[unit == .task ? 0 : test]
        let member = unit == .task ? test : 0
        return tally.ranking.firstIndex { tally.candidates[$0].grids[member] == grid }
            .map { $0 + 1 }
    }

    /// Returns the number of attempts after which one of them answers all test inputs.
    ///
    /// - Parameter outputs: The correct answers; nil for those that are not known.
    /// - Returns: The number, counting from 1; nil if an answer is not known, or is not a
    ///   candidate. For candidates of single outputs, attempts with equal numbers are combined.
    func jointRank(of outputs: [PuzzleGrid?]) -> Int? {
        let known = outputs.compactMap { $0 }
        guard known.count == outputs.count else { return nil }
        guard unit == .task else {
            let ranks = known.enumerated().map { rank(of: $1, test: $0) }
            return ranks.allSatisfy { $0 == ranks[0] } ? ranks[0] : nil
        }
        let tally = tallies[0]
        return tally.ranking.firstIndex { tally.candidates[$0].grids == known }.map { $0 + 1 }
    }

    /// Returns the attempts at a test output, the best first.
    ///
    /// - Parameter test: The index of the test pair.
    /// - Returns: At most two candidates; where whole tasks are compared, their grids may be equal.
    package func attempts(atTest test: Int) -> [TaskCandidate] {
        let tally = tallies[unit == .task ? 0 : test]
        let member = unit == .task ? test : 0
        let all = tally.total
        return tally.attempts.map { index in
            let grid = tally.candidates[index].grids[member]
            let same = tally.candidates.filter { $0.grids[member] == grid }
            return TaskCandidate(
                grid: grid, sureness: exp(LogSum.of(same.map(\.total)) - all),
                firstStep: same.map(\.firstStep).min() ?? 0)
        }
    }
}
