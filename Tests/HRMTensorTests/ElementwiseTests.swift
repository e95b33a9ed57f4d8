import HRMTensor
import Testing
import _HRMTestSupport

/// Norm backward, sums and embeddings, against float64.
@Suite struct ElementwiseTests {
    @Test(arguments: Precision.allCases)
    func theBackwardOfTheNormIsRightAlsoInPlace(precision: Precision) {
        var generator = SeededGenerator(seed: 41)
        for columns in oddSizes {
            for (rows, step) in [(1, 1), (3, 2), (8, 1)] {
                let name = "\(precision) [\(rows), \(columns)] every \(step)"
                let dy = FramedMatrix(
                    generator.values(rows * columns), rows: rows, columns: columns,
                    precision: precision, step: step)
                let y = FramedMatrix.input(
                    rows: rows, columns: columns, precision: precision, step: step,
                    using: &generator)
                let inverseRMS = FramedMatrix(
                    (0..<rows).map { _ in generator.nextUnitFloat() + 0.5 }, rows: rows,
                    columns: 1, columnMargin: 0, filler: .nan)
                let (g, value, r) = (Table(dy.view), Table(y), Table(inverseRMS.view))
                var expected = Table(rows: rows, columns: columns)
                for i in 0..<rows {
                    let mean =
                        zip(g.row(i), value.row(i)).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
                    for j in 0..<columns {
                        expected[i, j] = r[i, 0] * (g[i, j] - value[i, j] * mean)
                    }
                }
                let ds = FramedMatrix(
                    rows: rows, columns: columns, precision: precision, step: step + 1)
                RMSNorm.backward(dy.view, y: y, inverseRMS: inverseRMS.view, into: ds.view)
                expectClose(
                    ds.view.values.map(Double.init), expected.values,
                    .sum(depth: 8, stored: precision), name)
                ds.expectIntact(name)

                RMSNorm.backward(dy.view, y: y, inverseRMS: inverseRMS.view, into: dy.view)
                #expect(dy.view.values == ds.view.values, "\(name), in place")
                dy.expectIntact("\(name), in place")
            }
        }
    }

    @Test(arguments: Precision.allCases)
    func sumsOfTwoAndThreeAreRightAlsoInPlace(precision: Precision) {
        var generator = SeededGenerator(seed: 42)
        for columns in oddSizes {
            for (rows, step) in [(1, 1), (3, 2), (5, 1)] {
                let name = "\(precision) [\(rows), \(columns)] every \(step)"
                let addends = (0..<3).map { _ in
                    FramedMatrix(
                        generator.values(rows * columns), rows: rows, columns: columns,
                        precision: precision, step: step)
                }
                let tables = addends.map { Table($0.view) }
                let output = FramedMatrix(
                    rows: rows, columns: columns, precision: precision, step: step + 1)
                let (a, b, c) = (addends[0].view, addends[1].view, addends[2].view)
                let tolerance = Tolerance.sum(depth: 2, stored: precision)
                Sum.of(a, b, into: output.view)
                expectClose(
                    output.view.values.map(Double.init), (tables[0] + tables[1]).values,
                    tolerance, "\(name), two")
                let expected = tables[0] + tables[1] + tables[2]
                Sum.of(a, b, c, into: output.view)
                expectClose(
                    output.view.values.map(Double.init), expected.values, tolerance, name)
                output.expectIntact(name)

                Sum.of(a, b, c, into: c)
                #expect(c.values == output.view.values, "\(name), in place")
                addends[2].expectIntact("\(name), in place")
            }
        }
    }

    @Test(arguments: Precision.allCases)
    func embeddingRowsAreWritten(precision: Precision) {
        var generator = SeededGenerator(seed: 43)
        for columns in oddSizes {
            let tokens = FramedMatrix.input(rows: 5, columns: columns, using: &generator)
            let positions = FramedMatrix.input(rows: 4, columns: columns, using: &generator)
            let output = FramedMatrix(
                [Float](repeating: 7, count: 3 * columns), rows: 3, columns: columns,
                precision: precision)
            Embedding.write(
                (tokens, 4), plus: (positions, 2), scale: 1.5, to: output.view, row: 0)
            Embedding.write((tokens, 0), plus: nil, scale: 3, to: output.view, row: 2)
            let (t, p) = (Table(tokens), Table(positions))
            let expected =
                zip(t.row(4), p.row(2)).map { 1.5 * ($0 + $1) }
                + [Double](repeating: 7, count: columns) + t.row(0).map { 3 * $0 }
            let tolerance = Tolerance.sum(depth: 1, stored: precision)
            expectClose(
                output.view.values.map(Double.init), expected, tolerance,
                "\(precision), \(columns) columns")
            output.expectIntact("\(precision), \(columns) columns")

            Embedding.write(nil, plus: nil, scale: 3, to: output.view, row: 1)
            #expect(output.view.rows(1..<2).values == [Float](repeating: 0, count: columns))
        }
    }

    @Test(arguments: Precision.allCases)
    func embeddingGradientsAreAdded(precision: Precision) {
        var generator = SeededGenerator(seed: 44)
        for columns in oddSizes {
            let gradient = FramedMatrix.input(
                rows: 3, columns: columns, precision: precision, using: &generator)
            let table = FramedMatrix(generator.values(4 * columns), rows: 4, columns: columns)
            var expected = Table(table.view)
            for (row, tableRow) in [(0, 3), (2, 1), (1, 3)] {
                Embedding.accumulate(
                    gradient, row: row, scale: 0.75, into: table.view, tableRow: tableRow)
                for j in 0..<columns {
                    expected[tableRow, j] += 0.75 * Double(gradient[row, j])
                }
            }
            expectClose(
                table.view.values.map(Double.init), expected.values,
                .sum(depth: 3, stored: .float32), "\(precision), \(columns) columns")
            table.expectIntact("\(precision), \(columns) columns")
        }
    }
}
