/// The network's outputs for the outputs of the test pairs in one step: the last forward pass,
/// before the update of the weights.
///
/// `T` test pairs, `C` colours without black, `X` rows and `Y` columns of the canvas.
package struct TestOutputs: Sendable, Hashable {
    /// The logits of the colours without black, `[T, C, X, Y]`; the logit of black is 0.
    package var logits: [Float]
    /// The scores of rows, addends included, `[T, X]`.
    package var rowScores: [Float]
    /// The scores of columns, addends included, `[T, Y]`.
    package var columnScores: [Float]

    /// Creates outputs.
    package init(logits: [Float], rowScores: [Float], columnScores: [Float]) {
        self.logits = logits
        self.rowScores = rowScores
        self.columnScores = columnScores
    }
}
