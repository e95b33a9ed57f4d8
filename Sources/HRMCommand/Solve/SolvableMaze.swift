import HRMData
import HRMFigures

/// Mazes, each in one line or drawn in as many lines as it has rows.
struct SolvableMaze: SolvableTask {
    let size: Int
    let isPictorial = true

    /// A line that is as long as a whole maze is one; else lines are collected until they are a drawing.
    ///
    /// Empty lines before a drawing are skipped. Within one, they are rows of open cells whose spaces
    /// an editor has taken away.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        var first: Int?
        var rows: [String] = []
        while rows.count < size, let line = try lines.nextAsWritten() {
            if rows.isEmpty {
                if line.text.isEmpty { continue }
                if line.text.count > size { return line }
            }
            first = first ?? line.number
            rows.append(line.text)
        }
        return first.map { PuzzleLines.Line(number: $0, text: rows.joined(separator: "\n")) }
    }

    func question(_ text: String) throws -> PuzzleQuestion {
        question(try Maze(question: text, size: size))
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        let maze = try Maze(tokens: tokens)
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
    /// A maze with marks.
    init(_ maze: Maze, wrong: Set<Int> = []) {
        self.init(
            text: maze.description,
            board: TerminalBoard(
                rows: maze.size, columns: maze.size, cells: maze.description.map(String.init),
                wrong: wrong),
            drawing: PuzzleTask.maze(size: maze.size).appearance?.picture(
                .init(maze.tokens.map { Int($0) }, marked: wrong)) ?? .empty)
    }
}
