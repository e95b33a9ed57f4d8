/// What a line of text tells about the size of the Sudoku it belongs to.
public enum SudokuDrawing {
    /// The cells of a line that is a puzzle, or a row of one, of any known size.
    ///
    /// - Parameter text: The line.
    /// - Returns: Its cells as they are written, those of the question where an answer stands beside it;
    ///   nil for anything else, and for what may as well be a rule.
    public static func cells(_ text: some StringProtocol) -> String? {
        let texts = [SudokuGeometry.nine, .eight, .six, .four].map { SudokuText($0) }
        // A character a cell is meant before anything else that a line could be.
        let plain = SudokuText.withoutSeparators(SudokuText.withoutComment(Array(text)))
        if let size = texts.first(where: { $0.geometry.size == plain.count }),
            plain.allSatisfy(size.isCell), case .row = size.line(text)
        {
            return String(plain)
        }
        for reader in texts {
            switch reader.line(text) {
            case .puzzle(let runs): return runs[0]
            case .row(let row):
                let isKnown = text.contains { ("0"..."9").contains($0) || $0 == "." }
                return isKnown ? String(row.cells) : nil
            default: continue
            }
        }
        return nil
    }
}
