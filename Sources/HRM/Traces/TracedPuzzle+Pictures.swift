import Foundation
import HRMData
package import HRMFigures
import HRMInference

extension TracedPuzzle {
    /// The width in pixels at which a row of a sheet is wrapped.
    private static let sheetWidth = 1300

    /// Returns the boards, each above a map of the entropy of its cells.
    ///
    /// - Parameter appearance: The drawing style of tokens.
    /// - Returns: Rows of panels; the first ones begin with the puzzle and the scale of the maps.
    package func rows(_ appearance: TokenAppearance) -> [[PictureSheet.Panel]] {
        let pictures = pictures(appearance)
        let captions = moments.map(\.caption)
        let maps = moments.map {
            "entropy \(NumberText.fixed($0.reading.meanEntropy, digits: 3))"
        }
        var columns = [
            Column("puzzle", pictures.question, "scale: 0 to \(largestEntropy)", pictures.scale)
        ]
        for (index, pair) in pictures.moments.enumerated() {
            columns.append(Column(captions[index], pair.board, maps[index], pair.map))
        }
        let largest = max(pictures.question.rows, pictures.question.columns)
        let cell = largest <= 16 ? 24 : largest <= 40 ? 12 : 6
        let letters = (captions + maps).map(\.count).max() ?? 0
        let width = max(pictures.question.columns * cell, letters * 8) + 12
        let most = max(2, Self.sheetWidth / width)
        return stride(from: 0, to: columns.count, by: most).flatMap { start in
            let part = columns[start..<min(start + most, columns.count)]
            return [part.map(\.upper), part.map(\.lower)]
        }
    }

    /// A board above a map, with captions of equal length to align both.
    private struct Column {
        let upper: PictureSheet.Panel
        let lower: PictureSheet.Panel

        init(_ title: String, _ board: GridPicture, _ mapTitle: String, _ map: GridPicture) {
            let length = max(title.count, mapTitle.count)
            func padded(_ text: String) -> String {
                text + String(repeating: " ", count: length - text.count)
            }
            upper = .init(padded(title), board)
            lower = .init(padded(mapTitle), map)
        }
    }

    private var largestEntropy: String {
        NumberText.fixed(log(Double(max(2, trace.vocabularySize))), digits: 2)
    }

    /// Returns the frames of an animation: the puzzle beside the board and its map, and below them
    /// the changes of the states so far.
    ///
    /// - Parameter appearance: The drawing style of tokens.
    /// - Returns: The frames.
    package func frames(_ appearance: TokenAppearance) -> [AnimatedSheet.Frame] {
        let pictures = pictures(appearance)
        let blank = pictures.moments.first.map { GridPicture(blankLike: $0.map) }
        guard let blank else { return [] }
        let seconds = moments.count > trace.steps.count ? 0.4 : 0.7
        // Captions of equal length keep the panels in place across frames.
        let length = moments.map { caption(of: $0).count }.max() ?? 0
        func sheet(_ title: String, _ board: GridPicture, _ map: (String, GridPicture), done: Int)
            -> PictureSheet
        {
            let title = title + String(repeating: " ", count: max(0, length - title.count))
            return PictureSheet(rows: [
                [.init("puzzle", pictures.question), .init(title, board), .init(map.0, map.1)],
                [.init(movementTitle, movements(until: done))],
            ])
        }
        let first = AnimatedSheet.Frame(
            sheet("thinking ...", pictures.question, ("entropy 0.000", blank), done: 0),
            seconds: 1)
        let rest = zip(moments, pictures.moments).enumerated().map { index, pair in
            let (moment, picture) = pair
            let entropy = NumberText.fixed(moment.reading.meanEntropy, digits: 3)
            return AnimatedSheet.Frame(
                sheet(
                    caption(of: moment), picture.board, ("entropy \(entropy)", picture.map),
                    done: index + 1),
                seconds: index == moments.count - 1 ? 2.5 : seconds)
        }
        return [first] + rest
    }

    private func caption(of moment: Moment) -> String {
        "\(moment.caption), \(moment.changed.count) changed"
    }

    /// Returns a heat map with a column for each step, and a row for each update or, without
    /// updates, for each state.
    ///
    /// Cells are darker the more the state changes.
    ///
    /// - Parameter count: The number of moments so far; later ones are blank.
    /// - Returns: The picture.
    private func movements(until count: Int) -> GridPicture {
        let perStep = max(1, moments.count / max(1, trace.steps.count))
        let columns = trace.steps.enumerated().map { index, step in
            let passed = count - index * perStep
            guard !step.updates.isEmpty else {
                let changes = [step.lowChange, step.highChange].compactMap(\.self)
                return changes.map { passed > 0 ? $0 : nil }
            }
            return step.updates.map { $0.cycle <= passed ? $0.change : nil }
        }
        let rows = columns.map(\.count).max() ?? 1
        let cells = (0..<rows).flatMap { row in
            columns.map { column in
                guard let change = column[row], change.isFinite else {
                    return GridPicture.Cell(fill: HeatScale.color(0))
                }
                let percent = Int((min(change, 9.99) * 100).rounded())
                // Pads one digit to the size of two.
                return GridPicture.Cell(
                    percent < 10 ? " \(percent)" : "\(percent)", fill: HeatScale.color(change))
            }
        }
        return GridPicture(rows: rows, columns: columns.count, cells: cells)
    }

    /// The title for the rows of the movements, from top to bottom.
    private var movementTitle: String {
        let title = "moves of the states in %, step by step: "
        guard let step = trace.steps.first, !step.updates.isEmpty else {
            return title + (trace.steps.first?.lowChange == nil ? "z_H" : "z_L, z_H")
        }
        let names = step.updates.map(Self.name)
        return title
            + (names.count <= 6
                ? names.joined(separator: ", ") : "\(names[0]) to \(names[names.count - 1])")
    }

    private struct Pictures {
        var question: GridPicture
        var scale: GridPicture
        var moments: [(board: GridPicture, map: GridPicture)]
    }

    /// Returns all pictures, drawn to the same extents.
    private func pictures(_ appearance: TokenAppearance) -> Pictures {
        let layers = moments.flatMap { moment -> [TokenAppearance.Layer] in
            let tokens = moment.reading.tokens.map(Int.init)
            // A custom grid may be smaller than the canvas.
            let isWhole = moment.answer.board.cells.count == tokens.count
            return [
                .init(
                    tokens, marked: isWhole ? moment.answer.wrongCells : [],
                    noted: Set(moment.reading.changed)),
                .init(tokens, heat: moment.reading.entropy.map(share)),
            ]
        }
        let drawn = appearance.pictures(input: trace.question.map(Int.init), layers: layers)
        return Pictures(
            question: drawn[0], scale: GridPicture(scaleLike: drawn[0]),
            moments: stride(from: 1, to: drawn.count, by: 2).map { (drawn[$0], drawn[$0 + 1]) })
    }
}

extension GridPicture {
    /// Creates a blank picture of the same extents.
    fileprivate init(blankLike other: GridPicture) {
        self.init(
            rows: other.rows, columns: other.columns,
            cells: other.cells.map { _ in Cell(fill: HeatScale.color(0)) }, boxRows: other.boxRows,
            boxColumns: other.boxColumns)
    }

    /// Creates a picture of the same extents with all shades from left to right.
    fileprivate init(scaleLike other: GridPicture) {
        let last = Double(max(1, other.columns - 1))
        self.init(
            rows: other.rows, columns: other.columns,
            cells: other.cells.indices.map {
                Cell(fill: HeatScale.color(Double($0 % other.columns) / last))
            }, boxRows: other.boxRows, boxColumns: other.boxColumns)
    }
}
