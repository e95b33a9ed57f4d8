/// Parses grids from text and from lists of numbers.
struct GridNotation {
    /// The symbols; `nil` if the data determine the count of numbers.
    var alphabet: GridAlphabet?

    /// Creates a grid from rows of numbers.
    func grid(_ rows: [[Int]]) throws(GridError) -> PuzzleGrid {
        let count = alphabet?.count ?? GridAlphabet.mostSymbols
        var cells: [UInt8] = []
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() {
                guard (0..<count).contains(value) else {
                    throw .symbolOutOfRange(value, row: row, column: column, count: count)
                }
                cells.append(UInt8(value))
            }
        }
        return try grid(cells, rowLengths: rows.map(\.count))
    }

    /// Creates a grid from rows of text.
    func grid(rows: [String]) throws(GridError) -> PuzzleGrid {
        guard case .characters(let characters)? = alphabet else {
            var numbers: [[Int]] = []
            for row in rows { numbers.append(try self.numbers(in: row)) }
            return try grid(numbers)
        }
        var cells: [UInt8] = []
        for (row, text) in rows.enumerated() {
            for (column, character) in text.enumerated() {
                guard let symbol = characters.firstIndex(of: character) else {
                    throw .unknownCharacter(
                        character, row: row, column: column, alphabet: .characters(characters))
                }
                cells.append(UInt8(symbol))
            }
        }
        return try grid(cells, rowLengths: rows.map(\.count))
    }

    /// Creates a grid from text with rows separated by `/` or line feeds.
    func grid(_ text: String) throws(GridError) -> PuzzleGrid {
        var rows = [""]
        for character in text {
            if character == "/" || character.isNewline {
                rows.append("")
            } else {
                rows[rows.count - 1].append(character)
            }
        }
        while rows.last?.isEmpty == true { rows.removeLast() }
        return try grid(rows: rows)
    }

    /// Parses the numbers of a row: separated by spaces or commas, or one digit each.
    private func numbers(in row: String) throws(GridError) -> [Int] {
        let isSeparated = row.contains { $0 == " " || $0 == "," }
        let words =
            isSeparated
            ? row.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
            : row.map(String.init)
        var numbers: [Int] = []
        for word in words {
            if let other = word.first(where: { !$0.isASCII || !($0.isNumber || $0 == "-") }) {
                throw .alphabetMissing(other)
            }
            // A number beyond the range of `Int` is not a symbol either.
            numbers.append(Int(word) ?? .max)
        }
        return numbers
    }

    private func grid(_ cells: [UInt8], rowLengths: [Int]) throws(GridError) -> PuzzleGrid {
        guard let columns = rowLengths.first, columns > 0 else { throw .empty }
        if let row = rowLengths.firstIndex(where: { $0 != columns }) {
            throw .ragged(row: row, cells: rowLengths[row], expected: columns)
        }
        return PuzzleGrid(rows: rowLengths.count, columns: columns, cells: cells)
    }
}
