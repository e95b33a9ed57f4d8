/// The appearance of a data set's tokens: the single definition of the digits of Sudokus, the
/// characters of mazes and the colours of ARC.
package struct TokenAppearance: Sendable, Hashable {
    /// The meaning of the tokens.
    package enum Kind: String, Sendable, Hashable {
        /// Token 1 is blank, `d + 1` the digit `d`; without padding, 0 is blank and `d` is `d`.
        case sudoku
        /// Tokens 1 through 5 are wall, floor, start, goal, path.
        case maze
        /// Token 1 ends a grid, `c + 2` is the colour `c`.
        case arc
        /// Token 1 ends a grid, `s + 2` is the symbol `s`.
        case symbols
        /// Anything else.
        case numbers
    }

    /// The tokens of a picture, with marks.
    package struct Layer: Sendable, Hashable {
        /// The tokens, as many as the input's.
        package var tokens: [Int]
        /// Indices of the cells marked as wrong.
        package var marked: Set<Int>
        /// Indices of the cells marked as new.
        package var noted: Set<Int>
        /// A number for each cell, 0 through 1, drawn as a shade in place of the token; nil for
        /// tokens.
        package var heat: [Double]?

        /// Creates a layer of tokens with optional marks.
        package init(
            _ tokens: [Int], marked: Set<Int> = [], noted: Set<Int> = [], heat: [Double]? = nil
        ) {
            precondition(
                heat == nil || heat?.count == tokens.count,
                "\(heat?.count ?? 0) shades for \(tokens.count) tokens")
            self.tokens = tokens
            self.marked = marked
            self.noted = noted
            self.heat = heat
        }
    }

    /// The meaning of the tokens.
    package let kind: Kind
    /// The number of rows of the canvas.
    package let rows: Int
    /// The number of columns of the canvas; if the sequence does not fill it, its last cells are
    /// empty.
    package let columns: Int
    /// The size of a Sudoku's box; nil if it follows from the board's size.
    private let boxRows: Int?
    private let boxColumns: Int?
    /// The spellings of the symbols, in order.
    private let symbols: [String]
    /// The token of a blank cell in a Sudoku.
    private let blank: Int

    /// The maximum length of sequences that are drawn.
    package static let longestSequence = 10_000

    private static let blue = RGBColor(0x1B5FC4)
    private static let black = RGBColor(0x111111)
    private static let white = RGBColor(0xFFFFFF)
    private static let faint = RGBColor(0xE4E4E4)
    /// Wall, floor, start, goal, path.
    private static let mazeFills: [UInt32] = [0x2B3A4A, 0xFFFFFF, 0x2ECC40, 0xFF4136, 0x7FDBFF]
    private static let mazeGlyphs = ["#", "", "S", "G", "o"]
    /// The ten colours of ARC's own viewer.
    private static let arcFills: [UInt32] = [
        0x000000, 0x0074D9, 0xFF4136, 0x2ECC40, 0xFFDC00, 0xAAAAAA, 0xF012BE, 0xFF851B, 0x7FDBFF,
        0x870C25,
    ]

    /// Creates the appearance of tokens with a known meaning; nil if the sequences are too long to
    /// be drawn.
    ///
    /// - Parameters:
    ///   - kind: The meaning of the tokens.
    ///   - rows: The number of rows of the canvas.
    ///   - columns: The number of columns of the canvas.
    ///   - symbols: The spellings of the symbols, in order.
    ///   - boxRows: The number of rows of a Sudoku's box; nil if it follows from the board's size.
    ///   - boxColumns: The number of columns of a Sudoku's box; nil if it follows from the board's
    ///     size.
    package init?(
        kind: Kind, rows: Int, columns: Int, symbols: [String] = [], boxRows: Int? = nil,
        boxColumns: Int? = nil
    ) {
        guard rows >= 1, columns >= 1, rows * columns <= Self.longestSequence else { return nil }
        self.boxRows = boxRows
        self.boxColumns = boxColumns
        self.kind = kind
        self.rows = rows
        self.columns = columns
        self.symbols = symbols
        blank = 1
    }

    /// Guesses the appearance of tokens from their number; nil if the sequences are too long to be
    /// drawn.
    ///
    /// An n × n Sudoku has n + 2 tokens (n + 1 without padding), mazes have 6, ARC has 12. Tokens
    /// of any other data set are drawn as numbers.
    ///
    /// - Parameters:
    ///   - vocabularySize: The number of different tokens; nil if unknown.
    ///   - sequenceLength: The number of tokens in an example.
    package init?(vocabularySize: Int?, sequenceLength: Int) {
        guard (1...Self.longestSequence).contains(sequenceLength) else { return nil }
        let side = (1...100).first { $0 * $0 >= sequenceLength } ?? 100
        columns = side
        rows = (sequenceLength + side - 1) / side
        let isSquare = side * side == sequenceLength
        kind =
            switch vocabularySize {
            case side + 2 where isSquare && [4, 6, 9].contains(side): .sudoku
            case 10 where isSquare && side == 9: .sudoku
            case 6 where isSquare: .maze
            case 12 where isSquare: .arc
            default: .numbers
            }
        (boxRows, boxColumns) = (nil, nil)
        symbols = []
        blank = vocabularySize == side + 1 ? 0 : 1
    }

    /// Draws an input and its output with the same extents: outer rows and columns that contain
    /// only padding in both are omitted.
    ///
    /// - Parameters:
    ///   - input: The input's tokens.
    ///   - output: The label's tokens; in Sudokus and numbers, those that differ from the input are
    ///     blue.
    ///   - padToken: The padding token.
    /// - Returns: Both pictures.
    package func pictures(
        input: [Int], output: [Int], padToken: Int = 0
    ) -> (input: GridPicture, output: GridPicture) {
        let pictures = pictures(input: input, layers: [Layer(output)], padToken: padToken)
        return (pictures[0], pictures[1])
    }

    /// Draws an input and further layers with the same extents: outer rows and columns that contain
    /// only padding in all of them are omitted.
    ///
    /// - Parameters:
    ///   - input: The input's tokens.
    ///   - layers: Outputs; in Sudokus, symbols and numbers, tokens that differ from the input are
    ///     blue.
    ///   - padToken: The padding token.
    /// - Returns: The input's picture, then one per layer.
    package func pictures(input: [Int], layers: [Layer], padToken: Int = 0) -> [GridPicture] {
        let all = [Layer(input)] + layers
        precondition(
            input.count <= rows * columns && all.allSatisfy { $0.tokens.count == input.count },
            "\(all.map(\.tokens.count)) tokens on a canvas of \(rows) × \(columns)")
        let used = input.indices.filter { index in
            all.contains { $0.tokens[index] != padToken }
        }
        let usedRows = used.map { $0 / columns }
        let usedColumns = used.map { $0 % columns }
        let rowRange = (usedRows.min() ?? 0)...(usedRows.max() ?? rows - 1)
        let columnRange = (usedColumns.min() ?? 0)...(usedColumns.max() ?? columns - 1)
        return all.enumerated().map { place, layer in
            picture(layer, given: place == 0 ? nil : input, rowRange, columnRange)
        }
    }

    /// Draws the whole canvas.
    ///
    /// - Parameters:
    ///   - layer: The tokens, one per cell.
    ///   - given: The question's tokens; in Sudokus, symbols and numbers, differing ones are blue.
    /// - Returns: The picture.
    package func picture(_ layer: Layer, given: [Int]? = nil) -> GridPicture {
        precondition(
            layer.tokens.count == rows * columns && (given ?? layer.tokens).count == rows * columns,
            "\(layer.tokens.count) tokens on a canvas of \(rows) × \(columns)")
        return picture(layer, given: given, 0...(rows - 1), 0...(columns - 1))
    }

    private func picture(
        _ layer: Layer, given: [Int]?, _ rowRange: ClosedRange<Int>,
        _ columnRange: ClosedRange<Int>
    ) -> GridPicture {
        let places = rowRange.flatMap { row in columnRange.map { row * columns + $0 } }
        let cells = places.map { place in
            guard place < layer.tokens.count else { return nothing }
            if let heat = layer.heat { return .init("", fill: HeatScale.color(heat[place])) }
            return cell(
                layer.tokens[place], isNew: given.map { $0[place] != layer.tokens[place] })
        }
        func shown(_ cells: Set<Int>) -> Set<Int> {
            Set(places.indices.filter { cells.contains(places[$0]) })
        }
        let boxes = kind == .sudoku && rowRange.count == rows && columnRange.count == columns
        return GridPicture(
            rows: rowRange.count, columns: columnRange.count, cells: cells,
            boxRows: boxes ? boxRows ?? (rows == 9 ? 3 : 2) : nil,
            boxColumns: boxes ? boxColumns ?? (columns == 4 ? 2 : columns == 8 ? 4 : 3) : nil,
            marked: shown(layer.marked),
            noted: shown(layer.noted))
    }

    /// Returns the spelling of a token in text, for instance in a histogram.
    package func name(of token: Int) -> String {
        switch (kind, token) {
        case (.sudoku, blank): "blank"
        case (_, 0): "pad"
        case (.sudoku, _): String(token - blank)
        case (.maze, 2): "floor"
        case (.maze, 1...5): Self.mazeGlyphs[token - 1]
        case (.arc, 1), (.symbols, 1): "end"
        case (.arc, _): String(token - 2)
        case (.symbols, 2..<(2 + symbols.count)): symbols[token - 2]
        default: String(token)
        }
    }

    private var nothing: GridPicture.Cell { .init("", fill: Self.faint, ink: Self.black) }

    private func cell(_ token: Int, isNew: Bool?) -> GridPicture.Cell {
        let ink = isNew == true ? Self.blue : Self.black
        switch (kind, token) {
        case (.sudoku, blank): return .init("", fill: Self.white, ink: ink)
        case (.sudoku, (blank + 1)...(blank + rows)):
            return .init(String(token - blank), fill: Self.white, ink: ink)
        case (.maze, 1...5):
            let fill = RGBColor(Self.mazeFills[token - 1])
            return .init(
                Self.mazeGlyphs[token - 1], fill: fill, ink: token == 1 ? fill : Self.black)
        case (.arc, 1), (.symbols, 1):
            return .init("+", fill: Self.faint, ink: RGBColor(0x999999))
        case (.arc, 2...11):
            let fill = RGBColor(Self.arcFills[token - 2])
            let isDark = [0, 1, 9].contains(token - 2)
            return .init(
                String(token - 2), fill: fill, ink: isDark ? Self.white : Self.black)
        case (.symbols, 2..<(2 + symbols.count)):
            return .init(symbols[token - 2], fill: Self.white, ink: ink)
        case (.sudoku, 0), (.maze, 0), (.arc, 0), (.symbols, 0): return nothing
        case (.numbers, _): return .init(String(token), fill: Self.white, ink: ink)
        default: return .init("?", fill: Self.white, ink: RGBColor(0xFF4136))
        }
    }
}
