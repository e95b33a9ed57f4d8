import HRMData
import Testing

@Suite struct DihedralTransformTests {
    static let grid = PuzzleGrid(rows: 2, columns: 3, cells: [1, 2, 3, 4, 5, 6])

    @Test(
        arguments: zip(
            DihedralTransform.allCases,
            [
                [1, 2, 3, 4, 5, 6], [3, 6, 2, 5, 1, 4], [6, 5, 4, 3, 2, 1], [4, 1, 5, 2, 6, 3],
                [3, 2, 1, 6, 5, 4], [4, 5, 6, 1, 2, 3], [1, 4, 2, 5, 3, 6], [6, 3, 5, 2, 4, 1],
            ] as [[UInt8]]))
    func movesEachCell(_ transform: DihedralTransform, _ expected: [UInt8]) {
        let moved = transform.apply(to: Self.grid)
        #expect(moved.cells == expected)
        #expect((moved.rows, moved.columns) == (transform.swapsAxes ? (3, 2) : (2, 3)))
    }

    @Test(arguments: DihedralTransform.allCases)
    func undoneIsTheIdentity(_ transform: DihedralTransform) {
        #expect(transform.inverse.apply(to: transform.apply(to: Self.grid)) == Self.grid)
    }

    @Test func antiTranspositionIsARotationAndAFlip() {
        let rotated = DihedralTransform.rotation90.apply(to: Self.grid)
        #expect(
            DihedralTransform.antiTransposition.apply(to: Self.grid)
                == DihedralTransform.horizontalFlip.apply(to: rotated))
    }
}
