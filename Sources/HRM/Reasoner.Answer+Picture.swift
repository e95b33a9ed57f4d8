public import HRMData
public import HRMFigures
public import HRMInference

extension Reasoner.Answer {
    /// The answer as a picture; digits that are not givens are blue, wrong cells are marked.
    ///
    /// Its text, SVG and PNG are `terminal`, `svg` and `png`. An answer without a grid is drawn as
    /// a question mark.
    public var picture: GridPicture { content.picture }

    /// The puzzle and the answer side by side.
    public var comparison: PictureSheet {
        PictureSheet(rows: [[.init("puzzle", puzzle.picture), .init("answer", picture)]])
    }
}

extension Reasoner.Answer {
    /// The puzzle and the answer side by side, with the verdict in the answer's title.
    package var panels: [PictureSheet.Panel] {
        let words = verdict.map { "answer: \($0)" }
        return [.init("puzzle", puzzle.picture), .init(words ?? "answer", picture)]
    }
}

extension PuzzleQuestion {
    /// The puzzle as a picture.
    public var picture: GridPicture { board.picture() }
}

extension PuzzleAnswer {
    /// The answer as a picture; symbols that are not given are blue, wrong cells are marked.
    public var picture: GridPicture { board.picture(given: question.board, marked: wrongCells) }
}

extension PuzzleBoard {
    /// Returns a picture of the board.
    ///
    /// - Parameters:
    ///   - given: The question's board; symbols that differ from it are blue.
    ///   - marked: The cells to mark as wrong.
    /// - Returns: The picture; a question mark if there is no grid.
    fileprivate func picture(
        given: PuzzleBoard? = nil, marked: Set<Int> = []
    ) -> GridPicture {
        let style: TokenAppearance? =
            switch content {
            case .sudoku(let board): PuzzleTask.sudoku(board.geometry).appearance
            case .maze(let maze): PuzzleTask.maze(size: maze.size).appearance
            case .grid(let grid, let task):
                grid.cells.isEmpty ? nil : task.appearance(rows: rows, columns: columns)
            }
        guard let style else { return .empty }
        return style.picture(
            .init(tokens.map { Int($0) }, marked: marked),
            given: given.map { $0.tokens(rows: rows, columns: columns) })
    }

    /// The tokens of a rectangle that begins at the board's first cell, with padding beyond it.
    private func tokens(rows: Int, columns: Int) -> [Int] {
        let tokens = tokens
        return (0..<rows).flatMap { row in
            (0..<columns).map { column in
                row < self.rows && column < self.columns
                    ? Int(tokens[row * self.columns + column]) : 0
            }
        }
    }
}
