/// The running mean of the network's outputs: `mean ← 0.97 · mean + 0.03 · outputs`, from zeros and
/// without correction of the bias.
struct RunningOutputs: Sendable, Hashable {
    private static let decay: Float = 0.97

    /// The mean.
    private(set) var mean: TestOutputs

    /// Creates a mean of zeros.
    init(task: TaskTensors) {
        func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: task.tests * count) }
        mean = TestOutputs(
            logits: zeros(task.colours * task.rows * task.columns), rowScores: zeros(task.rows),
            columnScores: zeros(task.columns))
    }

    /// Restores a mean.
    init(mean: TestOutputs) {
        self.mean = mean
    }

    /// Adds the outputs of a step.
    mutating func add(_ outputs: TestOutputs) {
        Self.add(outputs.logits, to: &mean.logits)
        Self.add(outputs.rowScores, to: &mean.rowScores)
        Self.add(outputs.columnScores, to: &mean.columnScores)
    }

    private static func add(_ new: [Float], to mean: inout [Float]) {
        precondition(new.count == mean.count, "\(new.count) outputs for a mean of \(mean.count)")
        for index in mean.indices {
            mean[index] = decay * mean[index] + (1 - decay) * new[index]
        }
    }
}
