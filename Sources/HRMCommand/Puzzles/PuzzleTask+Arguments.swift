import HRMData

extension PuzzleTask {
    /// Returns true if an argument can only be meant as a question.
    func looksLikeQuestion(_ text: String) -> Bool {
        switch self {
        case .sudoku:
            JSONBoardFinder.begins(text)
                || text.split(whereSeparator: \.isNewline).allSatisfy { line in
                    line.allSatisfy {
                        ".|│┃║*_?-+".contains($0) || $0.isNumber || $0.isWhitespace
                    }
                }
        case .maze: text.allSatisfy { "#SG. /\n".contains($0) }
        case .grid: text.contains("/") || "[{".contains(text.prefix(1))
        }
    }

    /// True if a picture of a board is easier to read than a board of text.
    var isPictorial: Bool {
        if case .sudoku = self { false } else { true }
    }
}
