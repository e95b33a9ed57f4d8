/// What a line of text tells about the size of the Sudoku it belongs to.
public enum SudokuDrawing {
    /// The cells of a line that is a puzzle, or a row of one, of any known size.
    ///
    /// - Parameter text: The line.
    /// - Returns: Its cells as they are written, those of the question where an answer stands beside it;
    ///   nil for anything else, and for what may as well be a rule.
    public static func cells(_ text: some StringProtocol) -> String? {
        for size in [9, 8, 6, 4] {
            guard let geometry = try? SudokuGeometry(size: size) else { continue }
            switch SudokuText(geometry).line(text) {
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
