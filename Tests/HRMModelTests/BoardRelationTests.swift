import Testing

@testable import HRMModel

/// The cells of a board that each cell reads.
@Suite struct BoardRelationTests {
    /// The cells that a cell looks at.
    private func looks(_ relation: BoardRelation, side: Int, from cell: Int) -> Set<Int> {
        looks(relation, rows: side, columns: side, from: cell)
    }

    private func looks(
        _ relation: BoardRelation, rows: Int, columns: Int, from cell: Int
    ) -> Set<Int> {
        let groups = relation.groups(rows: rows, columns: columns)
        return Set(groups.groups[groups.group[cell]])
    }

    @Test func theyAreThoseOfABoard() {
        // Cell 8 of a 6×6 board: row 1, column 2, in the first box of two rows and three columns.
        #expect(looks(.row, side: 6, from: 8) == [6, 7, 8, 9, 10, 11])
        #expect(looks(.column, side: 6, from: 8) == [2, 8, 14, 20, 26, 32])
        #expect(looks(.box, side: 6, from: 8) == [0, 1, 2, 6, 7, 8])
        #expect(looks(.box, side: 6, from: 27) == [27, 28, 29, 33, 34, 35])
        #expect(looks(.neighbours, side: 6, from: 8) == [2, 7, 9, 14])
        #expect(looks(.neighbours, side: 6, from: 0) == [1, 6])
        #expect(looks(.neighbours, side: 6, from: 35) == [29, 34])
        #expect(looks(.horizontal, side: 6, from: 8) == [7, 9])
        #expect(looks(.horizontal, side: 6, from: 6) == [7])
        #expect(looks(.vertical, side: 6, from: 8) == [2, 14])
        #expect(looks(.vertical, side: 6, from: 35) == [29])
        #expect(looks(.left, side: 6, from: 8) == [7])
        #expect(looks(.left, side: 6, from: 6) == [])
        #expect(looks(.right, side: 6, from: 8) == [9])
        #expect(looks(.right, side: 6, from: 11) == [])
        #expect(looks(.up, side: 6, from: 8) == [2])
        #expect(looks(.up, side: 6, from: 5) == [])
        #expect(looks(.down, side: 6, from: 8) == [14])
        #expect(looks(.down, side: 6, from: 30) == [])
        #expect(looks(.global, side: 6, from: 8).count == 36)
        #expect(looks(.box, side: 9, from: 80) == [60, 61, 62, 69, 70, 71, 78, 79, 80])
        #expect(looks(.neighbours, side: 1, from: 0) == [])
    }

    /// Two rows of three cells: 0 1 2 and 3 4 5.
    @Test func theyAreThoseOfARectangle() {
        let expected: [BoardRelation: [Set<Int>]] = [
            .row: [[0, 1, 2], [0, 1, 2], [0, 1, 2], [3, 4, 5], [3, 4, 5], [3, 4, 5]],
            .column: [[0, 3], [1, 4], [2, 5], [0, 3], [1, 4], [2, 5]],
            .neighbours: [[1, 3], [0, 2, 4], [1, 5], [0, 4], [1, 3, 5], [2, 4]],
            .horizontal: [[1], [0, 2], [1], [4], [3, 5], [4]],
            .vertical: [[3], [4], [5], [0], [1], [2]],
            .left: [[], [0], [1], [], [3], [4]],
            .right: [[1], [2], [], [4], [5], []],
            .up: [[], [], [], [0], [1], [2]],
            .down: [[3], [4], [5], [], [], []],
            .global: Array(repeating: [0, 1, 2, 3, 4, 5], count: 6),
        ]
        #expect(expected.count == BoardRelation.allCases.count { !$0.requiresSquare })
        for (relation, cells) in expected {
            let found = (0..<6).map { looks(relation, rows: 2, columns: 3, from: $0) }
            #expect(found == cells, "\(relation)")
        }
        #expect(looks(.neighbours, rows: 1, columns: 4, from: 2) == [1, 3])
        #expect(looks(.neighbours, rows: 4, columns: 1, from: 2) == [1, 3])
    }

    /// Files of earlier versions call the whole board "board".
    @Test func theFormerNameIsRead() {
        #expect(BoardRelation(rawValue: "board") == .global)
        #expect(BoardRelation(rawValue: "global") == .global)
        #expect(BoardRelation(rawValue: "boards") == nil)
        #expect(BoardRelation.allCases.allSatisfy { BoardRelation(rawValue: $0.rawValue) == $0 })
    }

    /// Boxes of the sides that can be cut into some, and of those that cannot.
    @Test(arguments: [(1, 1), (4, 2), (5, 1), (6, 2), (8, 2), (9, 3), (12, 3), (13, 1), (16, 4)])
    func boxesAreAsSquareAsCanBe(side: Int, rows: Int) {
        #expect(BoardRelation.boxRows(side: side) == rows)
    }

    /// Every relation can be built for every side, and whoever is looked at looks back; where there is
    /// a direction, in the opposite one.
    @Test func allAreMutual() {
        let opposites: [BoardRelation: BoardRelation] = [
            .left: .right, .right: .left, .up: .down, .down: .up,
        ]
        for side in 1...10 {
            for relation in BoardRelation.allCases {
                for cell in 0..<(side * side) {
                    for other in looks(relation, side: side, from: cell) {
                        let back = looks(opposites[relation] ?? relation, side: side, from: other)
                        #expect(back.contains(cell))
                        #expect(opposites[relation] == nil || other != cell)
                    }
                }
            }
        }
    }
}
