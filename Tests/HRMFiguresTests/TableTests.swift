import HRMFigures
import Testing

@Suite struct TableTests {
    @Test func columnsLineUp() {
        var table = Table(columns: [.init("metric"), .init("value", .right), .init("unit")])
        table.append(["accuracy", "0.8123", ""])
        table.append(["steps", "12", "steps/s"])
        #expect(
            table.text == """
                metric     value  unit
                ─────────────────────────
                accuracy  0.8123
                steps         12  steps/s

                """)
    }

    @Test func aTableWithoutTitlesHasNoHeading() {
        var table = Table(columns: [.init(""), .init("", .right)])
        table.append(["é", "1"])
        table.append(["abc", "20"])
        #expect(table.lines == ["é     1", "abc  20"])
    }

    @Test func aTableWithoutRowsIsItsHeading() {
        #expect(Table(columns: [.init("a"), .init("bc")]).lines == ["a  bc", "─────"])
    }
}
