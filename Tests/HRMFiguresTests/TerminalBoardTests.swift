import HRMFigures
import Testing

@Suite struct TerminalBoardTests {
    static let four = TerminalBoard(
        size: 4, boxRows: 2, boxColumns: 2, cells: "1234341221434321".map(String.init),
        changed: [1, 6], wrong: [6, 15])

    @Test func plainMarksAreVisible() {
        #expect(
            Self.four.text(color: false) == """
                ┌──────┬──────┐
                │ 1 [2]│ 3  4 │
                │ 3  4 │[1! 2 │
                ├──────┼──────┤
                │ 2  1 │ 4  3 │
                │ 4  3 │ 2 !1!│
                └──────┴──────┘

                """)
        #expect(Self.four.lines(color: false).allSatisfy { $0.count == Self.four.width })
    }

    @Test func coloursReplaceTheMarks() {
        let lines = Self.four.lines(color: true)
        #expect(lines[1] == "│ 1 \u{1B}[1;7m 2 \u{1B}[0m│ 3  4 │")
        #expect(lines[2] == "│ 3  4 │\u{1B}[1;7;31m 1 \u{1B}[0m 2 │")
        #expect(lines[5] == "│ 4  3 │ 2 \u{1B}[31m 1 \u{1B}[0m│")
    }

    @Test func boxesNeedNotBeSquareAndCellsNotNarrow() {
        let six = TerminalBoard(
            size: 6, boxRows: 2, boxColumns: 3,
            cells: (1...36).map { $0 == 1 ? "·" : "\($0)" })
        let lines = six.lines(color: false)
        #expect(lines[0] == "┌────────────┬────────────┐")
        #expect(lines[1] == "│  ·   2   3 │  4   5   6 │")
        #expect(lines[3] == "├────────────┼────────────┤")
        #expect(lines.count == 6 + 4)
        #expect(lines.allSatisfy { $0.count == six.width })
    }

    @Test func aBoardWithoutBoxesHasOneFrame() {
        let board = TerminalBoard(
            size: 2, boxRows: 2, boxColumns: 2, cells: ["#", "S", " ", "G"])
        #expect(
            board.text(color: false) == """
                ┌──────┐
                │ #  S │
                │    G │
                └──────┘

                """)
    }

    @Test func sizeNeedNotBeAMultipleOfTheBox() {
        let board = TerminalBoard(
            size: 3, boxRows: 2, boxColumns: 2, cells: "123456789".map(String.init))
        #expect(
            board.text(color: false) == """
                ┌──────┬───┐
                │ 1  2 │ 3 │
                │ 4  5 │ 6 │
                ├──────┼───┤
                │ 7  8 │ 9 │
                └──────┴───┘

                """)
        #expect(board.width == 12)
    }

    @Test func stripPutsBoardsBesideAndBelow() {
        let board = TerminalBoard(size: 1, boxRows: 1, boxColumns: 1, cells: ["5"], changed: [0])
        let strip = BoardStrip([.init("step 1", board), .init("s2", board), .init("3", board)])
        #expect(
            strip.text(width: 80, color: false) == """
                step 1    s2       3
                ┌───┐    ┌───┐   ┌───┐
                │[5]│    │[5]│   │[5]│
                └───┘    └───┘   └───┘

                """)
        #expect(
            strip.text(width: 14, color: false) == """
                step 1    s2
                ┌───┐    ┌───┐
                │[5]│    │[5]│
                └───┘    └───┘

                  3
                ┌───┐
                │[5]│
                └───┘

                """)
        #expect(
            strip.text(width: 1, color: true).split(separator: "\n")
                .contains("│\u{1B}[1;7m 5 \u{1B}[0m│"))
        #expect(BoardStrip([]).text(width: 80, color: false).isEmpty)
    }

    @Test func stripTakesBoardsOfDifferentHeights() {
        let small = TerminalBoard(size: 1, boxRows: 1, boxColumns: 1, cells: ["5"])
        let large = TerminalBoard(size: 2, boxRows: 2, boxColumns: 2, cells: ["1", "2", "3", "4"])
        #expect(
            BoardStrip([.init("a", small), .init("b", large)]).text(width: 80, color: false) == """
                  a        b
                ┌───┐   ┌──────┐
                │ 5 │   │ 1  2 │
                └───┘   │ 3  4 │
                        └──────┘

                """)
    }

    @Test func cellsMustFillTheBoard() async {
        await #expect(processExitsWith: .failure) {
            _ = TerminalBoard(size: 2, boxRows: 1, boxColumns: 1, cells: ["1"])
        }
    }
}
