import Foundation

/// Collects a model's answers to the augmentations of test inputs and counts each as a vote.
///
/// An answer counts for the unaugmented test input: the answer is cropped, the augmentation is
/// undone, and equal grids are one candidate.
public struct ARCVote: Sendable {
    /// An answered grid and its votes.
    public struct Candidate: Sendable, Hashable {
        /// The grid; it may be empty.
        public var grid: PuzzleGrid
        /// The number of answers with this grid.
        public var votes: Int
        /// The mean of the model's predicted probabilities that the answer is correct.
        public var meanConfidence: Double
    }

    /// The tasks whose test inputs are voted on.
    public let tasks: [ARCTask]

    private let canvas: ARCCanvas
    private let taskIndices: [String: Int]
    /// The answers to each test input of each task.
    private var tallies: [[PuzzleGrid: Tally]]

    /// Creates a vote without answers.
    ///
    /// - Parameters:
    ///   - tasks: The unaugmented tasks, with distinct names.
    ///   - canvas: The canvas of the model's grids.
    public init(tasks: [ARCTask], canvas: ARCCanvas) {
        self.tasks = tasks
        self.canvas = canvas
        taskIndices = Dictionary(
            tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        tallies = Array(repeating: [:], count: tasks.count)
    }

    /// Adds an answer.
    ///
    /// - Parameters:
    ///   - name: The puzzle's name, which identifies the task and the augmentation.
    ///   - input: The input tokens, with the grid at the top left of the canvas.
    ///   - answer: The answer tokens.
    ///   - qHalt: The model's halting logit, the predicted correctness.
    /// - Returns: True if the answer belongs to one of the tasks; other answers are ignored.
    /// - Precondition: There are as many tokens as the canvas has cells.
    @discardableResult
    public mutating func add(
        name: String, input: [Int32], answer: [Int32], qHalt: Float
    ) -> Bool {
        let (task, augmentation) = ARCAugmentation.parse(name)
        guard let index = taskIndices[task] else { return false }
        let question = augmentation.undo(on: canvas.decode(input))
        guard tasks[index].tests.contains(where: { $0.input == question }) else { return false }
        tallies[index][question, default: Tally()].add(
            augmentation.undo(on: canvas.decode(answer)), confidence: Self.sigmoid(qHalt))
        return true
    }

    /// Returns the candidates for a test input, by votes, then by mean confidence; ties keep the
    /// order of arrival.
    public func ranking(ofTask task: Int, test: Int) -> [Candidate] {
        guard let tally = tallies[task][tasks[task].tests[test].input] else { return [] }
        let candidates = tally.grids.indices.map { index in
            Candidate(
                grid: tally.grids[index], votes: tally.votes[index],
                meanConfidence: tally.confidence[index] / Double(tally.votes[index]))
        }
        // Swift's sort is stable in practice, but only the index guarantees it.
        let order = candidates.indices.sorted { left, right in
            let (a, b) = (candidates[left], candidates[right])
            return (b.votes, b.meanConfidence, left) < (a.votes, a.meanConfidence, right)
        }
        return order.map { candidates[$0] }
    }

    /// Returns true if at least one test input of the task has an answer.
    public func hasAnswers(task: Int) -> Bool { !tallies[task].isEmpty }

    /// In float32, as the reference computes it: probabilities that round to 1 are tied.
    private static func sigmoid(_ logit: Float) -> Double {
        logit.isNaN ? 0 : Double(1 / (1 + exp(-logit)))
    }
}

/// The answers to a test input, in the order of their first appearance.
private struct Tally: Sendable {
    var grids: [PuzzleGrid] = []
    var votes: [Int] = []
    var confidence: [Double] = []
    var places: [PuzzleGrid: Int] = [:]

    mutating func add(_ grid: PuzzleGrid, confidence new: Double) {
        if let place = places[grid] {
            votes[place] += 1
            confidence[place] += new
        } else {
            places[grid] = grids.count
            grids.append(grid)
            votes.append(1)
            confidence.append(new)
        }
    }
}
