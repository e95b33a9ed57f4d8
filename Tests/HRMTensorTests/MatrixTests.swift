import HRMTensor
import Testing

@Suite struct MatrixTests {
    private static func counted(
        _ rows: Int, _ columns: Int, _ precision: Precision = .float32
    ) -> Matrix {
        Matrix(
            (0..<(rows * columns)).map(Float.init), rows: rows, columns: columns,
            precision: precision)
    }

    @Test(arguments: Precision.allCases)
    func aNewMatrixIsZero(precision: Precision) {
        let matrix = Matrix(rows: 3, columns: 5, precision: precision)
        #expect(matrix.values == [Float](repeating: 0, count: 15))
        #expect(matrix.shapeDescription == "[3, 5] \(precision.rawValue)")
    }

    @Test(arguments: Precision.allCases)
    func viewsShareTheirElements(precision: Precision) {
        let matrix = Self.counted(5, 4, precision)
        let view = matrix.rows(1..<5).columns(1..<3)
        #expect(view.values == [5, 6, 9, 10, 13, 14, 17, 18])
        let thinned = view.rows(every: 2)
        #expect(thinned.rows == 2 && thinned.columns == 2)
        #expect(thinned.values == [5, 6, 13, 14])
        thinned.assign([-1, -2, -3, -4])
        #expect(matrix[1, 1] == -1 && matrix[1, 2] == -2)
        #expect(matrix[3, 1] == -3 && matrix[3, 2] == -4)
        #expect(matrix[1, 0] == 4 && matrix[1, 3] == 7 && matrix[2, 1] == 9)
        view.clear()
        #expect(
            matrix.values == [0, 1, 2, 3, 4, 0, 0, 7, 8, 0, 0, 11, 12, 0, 0, 15, 16, 0, 0, 19])
    }

    @Test func everyStepRoundsUp() {
        let matrix = Self.counted(7, 1)
        #expect(matrix.rows(every: 1).values == [0, 1, 2, 3, 4, 5, 6])
        #expect(matrix.rows(every: 3).values == [0, 3, 6])
        #expect(matrix.rows(every: 8).values == [0])
        #expect(matrix.rows(0..<0).rows(every: 3).rows == 0)
        #expect(matrix.rows(every: 2).rows(every: 2).values == [0, 4])
    }

    @Test func aFlatMatrixIsReshaped() {
        let flat = Self.counted(1, 12)
        let part = flat.reshaped(from: 3, rows: 2, columns: 4)
        #expect(part.values == [3, 4, 5, 6, 7, 8, 9, 10])
        part[1, 3] = -1
        #expect(flat[0, 10] == -1)
    }

    @Test func aDenseMatrixIsRegrouped() {
        let matrix = Self.counted(4, 3)
        let wide = matrix.regrouped(rows: 2)
        #expect(wide.columns == 6 && wide.values == matrix.values)
        wide[1, 0] = -1
        #expect(matrix[2, 0] == -1)
        #expect(matrix.rows(1..<3).regrouped(rows: 6).rows(3..<5).values == [-1, 7])
        #expect(matrix.rows(1..<2).columns(1..<3).regrouped(rows: 2).values == [4, 5])
    }

    @Test func assigningConverts() {
        let precise = Matrix([1.00390625, 2, -3.0078125, 4], rows: 2, columns: 2)
        let coarse = Matrix(rows: 2, columns: 2, precision: .bfloat16)
        coarse.assign(precise)
        #expect(coarse.values == [1, 2, -3, 4])
        let owner = Matrix(rows: 2, columns: 4)
        owner.columns(1..<3).assign(coarse)
        #expect(owner.values == [0, 1, 2, 0, 0, -3, 4, 0])
        let copy = Matrix(rows: 2, columns: 2, precision: .bfloat16)
        copy.assign(coarse)
        #expect(copy.values == coarse.values)
    }

    @Test func spansLendTheElements() {
        let matrix = Self.counted(3, 2)
        #expect(matrix.withValues { $0.count } == 6)
        #expect(matrix.rows(1..<3).withValues { $0[0] } == 2)
        matrix.rows(1..<2).withMutableValues { span in
            #expect(span.count == 2)
            span[1] = -1
        }
        #expect(matrix.values == [0, 1, 2, -1, 4, 5])
        #expect(Matrix(rows: 0, columns: 4).withValues { $0.count } == 0)
    }

    @Test func aViewOutlivesItsOwner() {
        func view() -> Matrix { Self.counted(3, 3).rows(2..<3) }
        #expect(view().values == [6, 7, 8])
    }
}
