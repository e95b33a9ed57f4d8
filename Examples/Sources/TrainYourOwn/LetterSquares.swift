import HRM

/// A custom puzzle: every row and every column contains each letter once; some letters are given.
struct LetterSquares {
    static let letters = Array("ABCD")
    static let alphabet = GridAlphabet.characters(["."] + letters)

    /// All 576 completed squares.
    private let squares = Self.completions(of: [])

    /// Returns a puzzle with exactly one solution.
    func puzzle(using generator: inout SeededGenerator) throws -> GridPair {
        let answer = squares[Int.random(in: squares.indices, using: &generator)]
        var question = answer.map(Optional.some)
        for cell in answer.indices.shuffled(using: &generator) {
            let letter = question[cell]
            question[cell] = nil
            if squares.count(where: { Self.fits($0, question) }) > 1 { question[cell] = letter }
        }
        return try GridPair(
            input: Self.text(question), output: Self.text(answer.map(Optional.some)),
            alphabet: Self.alphabet)
    }

    private static func fits(_ square: [Character], _ question: [Character?]) -> Bool {
        zip(square, question).allSatisfy { $1 == nil || $0 == $1 }
    }

    private static func text(_ cells: [Character?]) -> String {
        stride(from: 0, to: cells.count, by: letters.count).map { start in
            String(cells[start..<(start + letters.count)].map { $0 ?? "." })
        }.joined(separator: "/")
    }

    private static func completions(of cells: [Character]) -> [[Character]] {
        let size = letters.count
        guard cells.count < size * size else { return [cells] }
        let (row, column) = (cells.count / size, cells.count % size)
        let taken =
            (0..<column).map { cells[row * size + $0] }
            + (0..<row).map { cells[$0 * size + column] }
        return letters.filter { !taken.contains($0) }.flatMap { completions(of: cells + [$0]) }
    }
}
