/// A puzzle of an evaluation: the question, the model's answer, and the correct answer.
package struct SampleBoardPicture: Sendable, Hashable {
    /// The three boards side by side.
    package let sheet: PictureSheet

    /// Draws a puzzle.
    ///
    /// - Parameters:
    ///   - title: The title, such as "step 2000, puzzle 0".
    ///   - question: The question's tokens, `[S]`.
    ///   - prediction: The answer's tokens, `[S]`.
    ///   - answer: The correct tokens, `[S]`; nil for cells that are not scored.
    ///   - appearance: The appearance of tokens.
    ///   - padToken: The padding token.
    package init(
        title: String, question: [Int], prediction: [Int], answer: [Int?],
        appearance: TokenAppearance, padToken: Int = 0
    ) {
        precondition(
            question.count == answer.count && prediction.count == answer.count,
            "\(question.count), \(prediction.count) and \(answer.count) tokens of one puzzle")
        // Predictions at unscored positions are not shown.
        let shown = zip(prediction, answer).map { $1 == nil ? padToken : $0 }
        let right = answer.map { $0 ?? padToken }
        let wrong = Set(shown.indices.filter { shown[$0] != right[$0] })
        let pictures = appearance.pictures(
            input: question, layers: [.init(shown, marked: wrong), .init(right)],
            padToken: padToken)
        let counted = answer.count { $0 != nil }
        let caption =
            wrong.isEmpty ? "answer: all right" : "answer: \(wrong.count) of \(counted) wrong"
        let captions = [title, caption, "right answer"]
        sheet = PictureSheet(rows: [
            zip(captions, pictures).map { PictureSheet.Panel($0, $1) }
        ])
    }
}

extension PictureSheet {
    /// The size of the sheet's PNG file: its width and height in pixels.
    public var pngSize: (width: Int, height: Int) {
        let layout = SheetLayout(self)
        return (layout.width, layout.height)
    }
}
