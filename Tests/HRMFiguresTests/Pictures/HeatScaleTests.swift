import Foundation
import Testing

@testable import HRMFigures

@Suite struct HeatScaleTests {
    @Test func shades() {
        #expect(HeatScale.color(0) == RGBColor(0xFFFFFF))
        #expect(HeatScale.color(1) == RGBColor(0xD55E00))
        #expect(HeatScale.color(0.5) == RGBColor(0xEAAF80))
        #expect(HeatScale.color(-3) == HeatScale.color(0))
        #expect(HeatScale.color(.nan) == HeatScale.color(0))
        #expect(HeatScale.color(.infinity) == HeatScale.color(1))
        // The palette of a picture has room for all shades.
        #expect(Set((0...1000).map { HeatScale.color(Double($0) / 1000) }).count == 33)
    }

    @Test func terminalBoardsAreShadedWithColoursOnly() {
        var board = TerminalBoard(rows: 1, columns: 3, cells: ["1", "2", "3"], changed: [1])
        let plain = board.lines(color: false)
        let before = board.lines(color: true)
        board.shades = [0.01, 1, 0.5]
        #expect(board.lines(color: false) == plain)
        let line = board.lines(color: true)[1]
        #expect(line.hasPrefix("│ 1 "))
        #expect(line.contains("\u{1B}[38;2;0;0;0;48;2;213;94;0;1;7m 2 \u{1B}[0m"))
        #expect(line.contains("\u{1B}[38;2;0;0;0;48;2;234;175;128m 3 \u{1B}[0m"))
        board.wrong = [2]
        #expect(board.lines(color: true)[1].hasSuffix("\u{1B}[31m 3 \u{1B}[0m│"))
        board.wrong = []
        board.shades = []
        #expect(board.lines(color: true) == before)
    }

    @Test func heatTakesTheTokensPlace() throws {
        let appearance = try #require(TokenAppearance(kind: .sudoku, rows: 4, columns: 4))
        var heat = [Double](repeating: 0, count: 16)
        heat[5] = 1
        let tokens = [Int](repeating: 2, count: 16)
        let pictures = appearance.pictures(
            input: tokens,
            layers: [.init(tokens, marked: [1], noted: [0, 5]), .init(tokens, heat: heat)])
        #expect(pictures[1].noted == [0, 5] && pictures[1].marked == [1])
        #expect(pictures[1].cells[5].glyph == "1")
        #expect(pictures[2].cells[5] == .init("", fill: HeatScale.color(1)))
        #expect(pictures[2].cells[0] == .init("", fill: HeatScale.color(0)))
        // The boxes of a Sudoku are visible on the map as well.
        #expect(pictures[2].boxRows == 2)
    }

    @Test func notedCellsHaveACorner() {
        let cells = Array(repeating: GridPicture.Cell("", fill: RGBColor(0x0000FF)), count: 4)
        let sheet = PictureSheet(rows: [
            [.init("", GridPicture(rows: 2, columns: 2, cells: cells, noted: [3]))]
        ])
        let svg = sheet.svg
        #expect(svg.contains(##"<rect x="25" y="25" width="6" height="6" fill="#e69f00"/>"##))
        #expect(svg.components(separatedBy: "#e69f00").count == 2)
        var canvas = Canvas(width: 80, height: 100, color: SheetLayout.paper)
        canvas.draw(SheetLayout(sheet))
        func color(_ x: Int, _ y: Int) -> RGBColor {
            canvas.image.palette[Int(canvas.image.pixels[y * 80 + x])]
        }
        let (left, top) = (SheetLayout.margin, SheetLayout.margin + SheetLayout.captionHeight)
        #expect(color(left + 25, top + 25) == .note && color(left + 30, top + 30) == .note)
        #expect(color(left + 31, top + 31) == .noteEdge)
        #expect(color(left + 33, top + 33) == RGBColor(0x0000FF))
        #expect(color(left + 3, top + 3) == RGBColor(0x0000FF))
    }
}
