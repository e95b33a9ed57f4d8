import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct MovingAverageTests {
    @Test func averagesAreWeightedMeans() {
        var generator = SeededGenerator(seed: 71)
        for count in oddSizes {
            let (old, new) = (generator.values(count), generator.values(count))
            let mean = FramedMatrix(old, rows: 1, columns: count)
            let values = FramedMatrix(new, rows: 1, columns: count)
            MovingAverage.update(mean.view, with: values.view, share: 0.25)
            expectClose(
                mean.view.values, zip(old, new).map { 0.75 * $0 + 0.25 * $1 },
                Tolerance(absolute: 2 * roundoff, relative: 2 * roundoff), "\(count) values")
            mean.expectIntact("the average of \(count) values")
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
    func everyPlaceIsLookedAt(_ value: Float) {
        for count in oddSizes {
            let matrix = FramedMatrix(
                [Float](repeating: .greatestFiniteMagnitude, count: count), rows: 1,
                columns: count)
            #expect(matrix.view.isFinite)
            for place in Set([0, count / 2, count - 1]) {
                matrix.view[0, place] = value
                #expect(!matrix.view.isFinite, "\(value) at \(place) of \(count)")
                matrix.view[0, place] = -.leastNonzeroMagnitude
            }
            #expect(matrix.view.isFinite)
        }
    }

    @Test(arguments: Precision.allCases) func bytesComeBack(_ precision: Precision) {
        var generator = SeededGenerator(seed: 72)
        let matrix = Matrix(generator.values(15), rows: 3, columns: 5, precision: precision)
        let pieces = matrix.bytes(0..<7) + matrix.bytes(7..<matrix.byteCount)
        #expect(pieces.count == 15 * precision.byteCount)
        let copy = Matrix(rows: 5, columns: 3, precision: precision)
        copy.assign(bytes: pieces.span.bytes)
        #expect(copy.values == matrix.values)
    }
}
