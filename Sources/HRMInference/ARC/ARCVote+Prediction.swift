import HRMData

extension ARCVote {
    /// Adds a model's answer to a test input or an augmentation of one.
    ///
    /// - Parameters:
    ///   - prediction: The answer.
    ///   - names: The name of each puzzle identifier.
    mutating func add(_ prediction: Evaluator.Prediction, names: [String]) {
        add(
            name: names[Int(prediction.puzzleIdentifier)], input: Array(prediction.inputs),
            answer: prediction.tokens, qHalt: prediction.qHalt)
    }
}
