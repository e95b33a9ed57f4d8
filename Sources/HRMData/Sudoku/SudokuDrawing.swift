/// Recognition of lines that belong to a Sudoku of unknown size.
package enum SudokuDrawing {
    /// Returns the cells of a line that is a puzzle, or a row of one, of any supported size.
    ///
    /// - Parameter text: The line.
    /// - Returns: The cells as written, those of the question if an answer is beside it; `nil` for
    ///   anything else, and for lines that could also be a rule.
    package static func cells(_ text: some StringProtocol) -> String? {
        let texts = [SudokuGeometry.nine, .eight, .six, .four].map { SudokuText($0) }
        // One character per cell takes precedence over all other forms.
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
