import HRMFigures
import HRMText

/// A picture of what each pass of the two loops would have said next.
///
/// A row is a token of the answer and a column a pass; heavy lines separate the slow cycles. A cell
/// shows the most likely token, its shade the probability of the token that was said, and its corner
/// is marked if the two are the same.
struct LensPicture {
    /// The largest number of tokens that are drawn.
    static let mostTokens = 150
    private static let tokensPerPanel = 15
    private static let panelsPerRow = 3
    private static let longestGlyph = 3

    private let tokens: [Int32]
    private let steps: [[TextLens.Step]]
    private let shown: (Int32) -> String

    /// - Parameters:
    ///   - tokens: The tokens of the answer.
    ///   - steps: The passes of each token.
    ///   - shown: Returns the text of a token.
    init(tokens: [Int32], steps: [[TextLens.Step]], shown: @escaping (Int32) -> String) {
        self.tokens = tokens
        self.steps = steps
        self.shown = shown
    }

    /// The pictures of the first ``mostTokens`` tokens, in parts; nil for an answer without tokens.
    var sheet: PictureSheet? {
        let count = min(tokens.count, Self.mostTokens)
        guard count > 0, let passes = steps.first?.count, passes > 0 else { return nil }
        let panels = stride(from: 0, to: count, by: Self.tokensPerPanel).map { first in
            let last = min(first + Self.tokensPerPanel, count)
            return PictureSheet.Panel(
                "tokens \(first + 1) to \(last)", picture(first..<last, passes: passes))
        }
        return PictureSheet(
            rows: stride(from: 0, to: panels.count, by: Self.panelsPerRow).map {
                Array(panels[$0..<min($0 + Self.panelsPerRow, panels.count)])
            })
    }

    private func picture(_ range: Range<Int>, passes: Int) -> GridPicture {
        var cells = steps[range.lowerBound].map { step in
            GridPicture.Cell(
                step.lowPass.map { "L\($0)" } ?? "H", fill: RGBColor(0xEEEEEE),
                ink: RGBColor(0x333333))
        }
        var noted: Set<Int> = []
        for place in range {
            for step in steps[place] {
                let best = step.readings.first?.id
                if best == tokens[place] { noted.insert(cells.count) }
                cells.append(
                    GridPicture.Cell(
                        best.map(glyph) ?? "",
                        fill: HeatScale.color(step.followingProbability ?? 0)))
            }
        }
        let perCycle = (steps[range.lowerBound].firstIndex { $0.lowPass == nil } ?? passes - 1) + 1
        return GridPicture(
            rows: range.count + 1, columns: passes, cells: cells, boxColumns: perCycle,
            noted: noted)
    }

    private func glyph(_ id: Int32) -> String {
        let text = shown(id).replacing(" ", with: "_")
        return text.count <= Self.longestGlyph
            ? text : String(text.prefix(Self.longestGlyph - 1)) + "~"
    }
}
