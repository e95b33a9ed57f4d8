public import HRMData
public import HRMFigures
import HRMTraining

extension Reasoner.Answer {
    /// The answer as a picture; digits that are not givens are blue, wrong cells are marked.
    ///
    /// Its text, SVG and PNG are `terminal`, `svg` and `png`. An answer without a grid is drawn as
    /// a question mark.
    public var picture: GridPicture { puzzle.picture(of: solution.tokens) }

    /// The puzzle and the answer side by side.
    public var comparison: PictureSheet {
        PictureSheet(rows: [[.init("puzzle", puzzle.picture), .init("answer", picture)]])
    }
}

extension PuzzleText {
    /// The puzzle as a picture.
    public var picture: GridPicture {
        task.picture(tokens.map(Int.init), given: nil, wrong: [])
    }

    /// Returns an answer as a picture.
    ///
    /// - Parameter tokens: One token per cell, `[S]`.
    /// - Returns: The picture; wrong cells are marked.
    public func picture(of tokens: [Int32]) -> GridPicture {
        precondition(
            tokens.count == self.tokens.count, "\(tokens.count) tokens for \(self.tokens.count)")
        return task.picture(
            tokens.map(Int.init), given: self.tokens.map(Int.init), wrong: wrongCells(tokens))
    }
}

extension PuzzleTask {
    /// Returns the picture of a question or an answer, without the rows and columns of a canvas
    /// that are beyond a custom puzzle's grid.
    fileprivate func picture(_ tokens: [Int], given: [Int]?, wrong: Set<Int>) -> GridPicture {
        guard let appearance else { return .empty }
        guard case .grid(let task) = self else {
            return appearance.picture(.init(tokens, marked: wrong), given: given)
        }
        let grid = task.grid(in: tokens.map { Int32($0) })
        guard grid.rows > 0, grid.columns > 0,
            let own = task.appearance(rows: grid.rows, columns: grid.columns)
        else { return .empty }
        func cut<Cell>(_ cells: [Cell]) -> [Cell] {
            (0..<grid.rows).flatMap { row in
                (0..<grid.columns).map { cells[row * task.canvas.columns + $0] }
            }
        }
        let marked = cut(tokens.indices.map { wrong.contains($0) })
        return own.picture(
            .init(cut(tokens), marked: Set(marked.indices.filter { marked[$0] })),
            given: given.map(cut))
    }
}
