import HRMData
import HRMFigures

/// Grids of somebody's own puzzle: JSON, one line with `/` between rows, or drawn with an empty line
/// after each.
struct SolvableGrid: SolvableTask {
    let task: GridTask
    let isPictorial = true

    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        var first: Int?
        var rows: [String] = []
        while let line = try lines.nextAsWritten() {
            if line.text.isEmpty {
                if rows.isEmpty { continue }
                break
            }
            let isWhole = line.text.contains("/") || "[{".contains(line.text.prefix(1))
            if rows.isEmpty, isWhole { return line }
            first = first ?? line.number
            rows.append(line.text)
        }
        return first.map { PuzzleLines.Line(number: $0, text: rows.joined(separator: "\n")) }
    }

    func question(_ text: String) throws -> PuzzleQuestion {
        let (question, identifier) = try task.question(parsing: text)
        return self.question(question.input, identifier: identifier, right: question.output)
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        question(task.grid(in: tokens), identifier: 0, right: nil)
    }

    private func question(
        _ input: PuzzleGrid, identifier: Int32, right: PuzzleGrid?
    ) -> PuzzleQuestion {
        PuzzleQuestion(
            tokens: task.canvas.tokens(of: input).map(Int32.init), identifier: identifier,
            picture: picture(input)
        ) { tokens in
            let answer = task.grid(in: tokens)
            return PuzzleVerdict(
                picture: picture(answer, right: right),
                words: right.map { $0 == answer ? "right" : "wrong" },
                isValid: right.map { $0 == answer })
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        text.contains("/") || "[{".contains(text.prefix(1))
    }

    private func picture(_ grid: PuzzleGrid, right: PuzzleGrid? = nil) -> PuzzlePicture {
        // A model may answer with no grid at all.
        guard !grid.cells.isEmpty else {
            return PuzzlePicture(
                text: "", board: TerminalBoard(rows: 1, columns: 1, cells: [""]), drawing: .empty)
        }
        return PuzzlePicture(
            text: task.alphabet.line(grid),
            board: TerminalBoard(
                rows: grid.rows, columns: grid.columns,
                cells: grid.cells.map { task.alphabet.text($0) }),
            drawing: task.appearance(rows: grid.rows, columns: grid.columns)?.picture(
                of: grid, marked: right.map { grid.cells(differingFrom: $0) } ?? []) ?? .empty)
    }
}
