/// One puzzle of an evaluation: the question, what the model answered, and the right answer.
public struct SampleBoardPicture: Sendable, Hashable {
    /// The three boards beside each other.
    public let sheet: PictureSheet

    private static let wrongFill = RGBColor(0xFFB3AB)

    /// Draws a puzzle.
    ///
    /// - Parameters:
    ///   - title: What the puzzle is called, such as "step 2000, puzzle 0".
    ///   - question: The question's tokens, `[S]`.
    ///   - prediction: The answer's tokens, `[S]`.
    ///   - answer: The right tokens, `[S]`; nil where a cell does not count.
    ///   - appearance: How tokens are drawn.
    ///   - padToken: The token that stands for nothing.
    public init(
        title: String, question: [Int], prediction: [Int], answer: [Int?],
        appearance: TokenAppearance, padToken: Int = 0
    ) {
        precondition(
            question.count == answer.count && prediction.count == answer.count,
            "\(question.count), \(prediction.count) and \(answer.count) tokens of one puzzle")
        // What does not count is not shown, whatever the model wrote there.
        let shown = zip(prediction, answer).map { $1 == nil ? padToken : $0 }
        let right = answer.map { $0 ?? padToken }
        let asked = appearance.pictures(input: question, output: right, padToken: padToken)
        let given = appearance.pictures(input: shown, output: right, padToken: padToken)
        let wrong = zip(shown, right).count { $0 != $1 }
        let counted = answer.count { $0 != nil }
        let caption =
            wrong == 0 ? "answer: all right" : "answer: \(wrong) of \(counted) wrong"
        sheet = PictureSheet(rows: [
            [
                .init(title, asked.input),
                .init(caption, Self.marked(given.input, where: given.output)),
                .init("right answer", given.output),
            ]
        ])
    }

    /// The answer with its wrong cells on red where cells are white, else crossed out.
    private static func marked(_ picture: GridPicture, where right: GridPicture) -> GridPicture {
        let cells = zip(picture.cells, right.cells).map { cell, right -> GridPicture.Cell in
            guard cell.glyph != right.glyph || cell.fill != right.fill else { return cell }
            let isWhite = cell.fill == RGBColor(0xFFFFFF) && right.fill == cell.fill
            return isWhite
                ? .init(cell.glyph, fill: wrongFill, ink: cell.ink)
                : .init("X", fill: cell.fill, ink: cell.fill.contrast)
        }
        return GridPicture(
            rows: picture.rows, columns: picture.columns, cells: cells, boxRows: picture.boxRows,
            boxColumns: picture.boxColumns)
    }
}

extension RGBColor {
    /// Black or white, whichever is better seen on the colour.
    fileprivate var contrast: RGBColor {
        let lightness = 3 * Int(red) + 6 * Int(green) + Int(blue)
        return lightness > 1280 ? RGBColor(0x000000) : RGBColor(0xFFFFFF)
    }
}

extension PictureSheet {
    /// Pixels of the sheet's PNG file: how many in a row, and how many rows.
    public var pngSize: (width: Int, height: Int) {
        let layout = SheetLayout(self)
        return (layout.width, layout.height)
    }
}
