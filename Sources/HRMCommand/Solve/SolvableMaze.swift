import HRM
import HRMData
import HRMFigures

/// Mazes, each in one line or drawn in as many lines as it has rows.
struct SolvableMaze: SolvableTask {
    let size: MazeSize
    let isPictorial = true

    /// Returns a line longer than a row as a whole maze; other lines are collected until they form
    /// a drawing, or an empty line ends it.
    ///
    /// Empty lines and comments before a drawing are skipped. A row of open cells must have all its
    /// spaces, or be written with `.`: an editor that trims trailing spaces makes it an empty line.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        var first: Int?
        var rows: [String] = []
        while rows.count < size.rows, let line = try lines.nextAsWritten() {
            if isBlank(line.text) {
                if rows.isEmpty { continue }
                break
            }
            if rows.isEmpty {
                if Maze.isComment(line.text) { continue }
                if line.text.contains("/") || line.text.count > size.columns { return line }
            }
            first = first ?? line.number
            rows.append(line.text)
        }
        // With an empty second row, a single row is reported as a drawing, not as a maze in one
        // line.
        if rows.count == 1, size.rows > 1 { rows.append("") }
        return first.map { PuzzleLines.Line(number: $0, text: rows.joined(separator: "\n")) }
    }

    private func isBlank(_ text: String) -> Bool {
        text.count < size.columns && text.allSatisfy(\.isWhitespace)
    }

    func question(_ text: String) throws -> PuzzleQuestion {
        question(try Maze(question: text, size: size))
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        let maze = try Maze(tokens: tokens, size: size)
        try maze.checkQuestion()
        return question(maze)
    }

    private func question(_ maze: Maze) -> PuzzleQuestion {
        PuzzleQuestion(
            tokens: maze.tokens.map(Int32.init), picture: PuzzlePicture(maze)
        ) { tokens in
            let answer = MazeAnswer(tokens: tokens, to: maze)
            return PuzzleVerdict(
                picture: PuzzlePicture(answer.maze, wrong: Set(answer.changedCells)),
                words: answer.verdict.description, isValid: answer.verdict == .valid)
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        text.allSatisfy { "#SG. /\n".contains($0) }
    }
}

extension PuzzlePicture {
    /// Creates a picture of a maze with marks.
    init(_ maze: Maze, wrong: Set<Int> = []) {
        self.init(
            text: maze.description,
            board: TerminalBoard(
                rows: maze.size.rows, columns: maze.size.columns,
                cells: maze.cells.map { String($0.character) }, wrong: wrong),
            drawing: PuzzleTask.maze(size: maze.size).appearance?.picture(
                .init(maze.tokens.map { Int($0) }, marked: wrong)) ?? .empty)
    }
}
