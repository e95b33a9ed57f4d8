/// The tokens of a training example with the token that each of them predicts.
package struct TextLesson: Sendable, Hashable {
    /// The tokens with their types.
    package var row: TextRow
    /// For each token the next one, or −1 if it is not counted.
    package var targets: [Int32]

    /// Creates the example of a prompt with its answer.
    ///
    /// The last token of the prompt predicts the first one of the answer, and the last token of the
    /// answer is predicted only.
    ///
    /// - Parameters:
    ///   - prompt: The tokens of the prompt, at least one.
    ///   - answer: The tokens of the answer with its end, at least one.
    ///   - objective: The loss.
    package init(prompt: [Int32], answer: [Int32], objective: TextObjective) {
        precondition(
            !prompt.isEmpty && !answer.isEmpty,
            "\(prompt.count) tokens of a prompt, \(answer.count) of its answer")
        let all = prompt + answer
        let ids = Array(all.dropLast())
        row = TextRow(
            ids: ids,
            types: objective == .prefix ? ids.indices.map { $0 < prompt.count ? 1 : 0 } : [])
        targets = ids.indices.map {
            objective == .all || $0 >= prompt.count - 1 ? all[$0 + 1] : -1
        }
    }

    /// Creates the example of a part of a text: each token predicts the next one.
    ///
    /// - Parameter text: At least two tokens.
    package init(text: ArraySlice<Int32>) {
        precondition(text.count >= 2, "\(text.count) tokens of a text")
        row = TextRow(ids: Array(text.dropLast()))
        targets = Array(text.dropFirst())
    }
}
