import Foundation

/// Collects what a model answers to the variations of test inputs, and lets each answer be a vote.
///
/// An answer counts for the input that its variation was made of: it is cropped, the augmentation
/// is undone, and equal grids are one candidate.
public struct ARCVote: Sendable {
    /// A grid that was answered, and how often.
    public struct Candidate: Sendable, Hashable {
        /// The grid; it may be empty.
        public var grid: PuzzleGrid
        /// How many answers were this grid.
        public var votes: Int
        /// The mean of the model's own probability that the answer is right.
        public var meanConfidence: Double
    }

    /// The tasks whose test inputs are voted on.
    public let tasks: [ARCTask]

    private let canvas: ARCCanvas
    private let taskIndices: [String: Int]
    /// For each task: the answers to each input.
    private var tallies: [[PuzzleGrid: Tally]]

    /// A vote without votes.
    ///
    /// - Parameters:
    ///   - tasks: The tasks as they were before augmentation, with different names.
    ///   - canvas: What the model's grids are put on.
    public init(tasks: [ARCTask], canvas: ARCCanvas) {
        self.tasks = tasks
        self.canvas = canvas
        taskIndices = Dictionary(
            tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        tallies = Array(repeating: [:], count: tasks.count)
    }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - name: The name of the puzzle, which says which task it is, and how varied.
    ///   - input: The tokens that were given, at the top left of the canvas.
    ///   - answer: The tokens that were answered.
    ///   - qHalt: The model's logit of being right.
    /// - Returns: Whether the answer belongs to one of the tasks; if not, it does not count.
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

    /// The candidates for a test input, by votes, then by mean confidence; what is equal in both
    /// keeps the order in which it came.
    public func ranking(ofTask task: Int, test: Int) -> [Candidate] {
        guard let tally = tallies[task][tasks[task].tests[test].input] else { return [] }
        let candidates = tally.grids.indices.map { index in
            Candidate(
                grid: tally.grids[index], votes: tally.votes[index],
                meanConfidence: tally.confidence[index] / Double(tally.votes[index]))
        }
        // Swift's sort is stable in fact, but only the place makes it certain.
        let order = candidates.indices.sorted { left, right in
            let (a, b) = (candidates[left], candidates[right])
            return (b.votes, b.meanConfidence, left) < (a.votes, a.meanConfidence, right)
        }
        return order.map { candidates[$0] }
    }

    /// Whether a task has an answer to at least one of its test inputs.
    public func hasAnswers(task: Int) -> Bool { !tallies[task].isEmpty }

    /// In float32, as the reference computes it: probabilities that it rounds to 1 are a tie.
    private static func sigmoid(_ logit: Float) -> Double {
        logit.isNaN ? 0 : Double(1 / (1 + exp(-logit)))
    }
}

/// Answers to an input, in the order of their first appearance.
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
