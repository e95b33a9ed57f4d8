import HRM
import HRMData
import HRMFigures

/// Sudokus, each in one line or drawn in as many lines as it has rows.
struct SolvableSudoku: SolvableTask {
    let geometry: SudokuGeometry
    let isPictorial = false
    private let solver: SudokuSolver

    init(geometry: SudokuGeometry) {
        self.geometry = geometry
        solver = SudokuSolver(geometry)
    }

    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        var source = Source(lines: lines)
        defer { lines = source.lines }
        return try SudokuText(geometry).next(from: &source).map {
            PuzzleLines.Line(number: $0.number, text: $0.text)
        }
    }

    /// Returns the question, and refuses contradictory givens; a puzzle without a solution is
    /// accepted with a remark.
    func question(_ text: String) throws -> PuzzleQuestion {
        let question = try SudokuQuestion(parsing: text, geometry: geometry)
        var solver = solver
        let solvability = solver.solvability(of: question.board)
        return self.question(
            question.board, remarks: Remarks(solvability: solvability, answer: question.answer))
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        question(try SudokuBoard(tokens: tokens, geometry: geometry), remarks: Remarks())
    }

    private func question(_ board: SudokuBoard, remarks: Remarks) -> PuzzleQuestion {
        PuzzleQuestion(
            tokens: board.tokens.map(Int32.init), picture: PuzzlePicture(board)
        ) { tokens in
            let answer = SudokuAnswer(tokens: tokens, to: board)
            return PuzzleVerdict(
                picture: PuzzlePicture(
                    answer.board, to: board,
                    wrong: Set(answer.changedGivens + answer.conflictingCells)),
                words: remarks.words(about: answer), isValid: answer.verdict == .valid)
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        JSONBoardFinder.begins(text)
            || text.split(whereSeparator: \.isNewline).allSatisfy { line in
                line.allSatisfy { ".|│┃║*_?-+".contains($0) || $0.isNumber || $0.isWhitespace }
            }
    }

    /// Additional information about a question.
    private struct Remarks {
        var solvability = SudokuSolvability.undecided
        /// The answer given beside the question.
        var answer: SudokuBoard?

        func words(about answer: SudokuAnswer) -> String {
            let verdict = answer.verdict.description
            switch solvability {
            case .empty: return verdict + " (nothing was given)"
            case .several where answer.verdict == .valid:
                return verdict + " (one of several solutions)"
            case .several: return verdict + " (there are several solutions)"
            case .unsolvable: return verdict + " (the puzzle has no solution)"
            default: break
            }
            guard let right = self.answer, right != answer.board, answer.verdict == .valid else {
                return verdict
            }
            return verdict + " (and not the answer that stands beside the puzzle)"
        }
    }

    private struct Source: SudokuLineSource {
        var lines: PuzzleLines

        mutating func nextLine() throws -> SudokuText.SourceLine? {
            try lines.nextOrBlank().map { .init(number: $0.number, text: $0.text) }
        }

        mutating func putBack(_ lines: [SudokuText.SourceLine]) {
            self.lines.putBack(lines.map { .init(number: $0.number, text: $0.text) })
        }
    }
}

extension PuzzlePicture {
    /// Creates a picture of a Sudoku with marks; in colour, digits that are not givens are blue.
    init(_ board: SudokuBoard, to question: SudokuBoard? = nil, wrong: Set<Int> = []) {
        let appearance = PuzzleTask.sudoku(board.geometry).appearance
        self.init(
            text: board.description,
            board: TerminalBoard(
                size: board.geometry.size, boxRows: board.geometry.boxRows,
                boxColumns: board.geometry.boxColumns, cells: board.description.map(String.init),
                wrong: wrong),
            drawing: appearance?.picture(
                .init(board.tokens.map { Int($0) }, marked: wrong),
                given: question?.tokens.map { Int($0) }) ?? .empty)
    }
}
