import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct PackedWeightTests {
    /// The product is bitwise the same regardless of the distribution of panels over workers.
    @Test(arguments: Precision.allCases, [false, true])
    func sharesOfAnyNumberOfWorkersMakeOneWeight(precision: Precision, transposed: Bool) {
        var generator = SeededGenerator(seed: 61)
        for (outputs, inputs) in [(1, 1), (7, 5), (16, 3), (33, 9), (50, 17), (130, 2)] {
            let shape = transposed ? (inputs, outputs) : (outputs, inputs)
            let master = FramedMatrix.input(rows: shape.0, columns: shape.1, using: &generator)
            let former = Matrix(
                generator.values(shape.0 * shape.1), rows: shape.0, columns: shape.1)
            let x = Matrix(
                generator.values(7 * inputs), rows: 7, columns: inputs, precision: precision)
            let products = [1, 2, 3, 5].map { count in
                let packed =
                    transposed
                    ? PackedWeight(
                        outputs: outputs, inputs: inputs, precision: precision, layout: .transposed)
                    : PackedWeight(outputs: outputs, inputs: inputs, precision: precision)
                // The previous content of the packed weight must not affect the result.
                packed.pack(former)
                let workers = Workers(count: count)
                workers.run { packed.pack(master, share: ($0, workers)) }
                let y = Matrix(rows: 7, columns: outputs)
                Linear.forward(x, packed, into: y, scratch: Scratch())
                return y.values
            }
            #expect(products.allSatisfy { $0 == products[0] }, "\(outputs) × \(inputs)")
            let weight = Table(master).rounded(to: precision)
            expectClose(
                products[0].map(Double.init),
                Table(x).timesTransposed(transposed ? weight.transposed : weight).values,
                .sum(depth: inputs, stored: .float32), "\(outputs) × \(inputs)")
        }
    }

    @Test func aPackedWeightIsACopy() {
        let master = Matrix([2], rows: 1, columns: 1)
        let packed = PackedWeight(outputs: 1, inputs: 1, precision: .float32)
        packed.pack(master)
        master[0, 0] = 3
        let (x, y) = (Matrix([1], rows: 1, columns: 1), Matrix(rows: 1, columns: 1))
        Linear.forward(x, packed, into: y, scratch: Scratch())
        #expect(y.values == [2])
        packed.pack(master)
        Linear.forward(x, packed, into: y, scratch: Scratch())
        #expect(y.values == [3])
    }

    /// A bfloat16 weight is rounded to nearest, ties to even; bfloat16 instructions treat subnormal
    /// numbers as zero.
    @Test(arguments: [false, true])
    func bfloat16WeightsAreRounded(transposed: Bool) {
        let values = RoundingTests.cases.filter { $0.rounded.isFinite }
        for (value, rounded) in values {
            let packed =
                transposed
                ? PackedWeight(outputs: 1, inputs: 1, precision: .bfloat16, layout: .transposed)
                : PackedWeight(outputs: 1, inputs: 1, precision: .bfloat16)
            packed.pack(Matrix([value], rows: 1, columns: 1))
            let x = Matrix([1], rows: 1, columns: 1, precision: .bfloat16)
            let y = Matrix(rows: 1, columns: 1)
            Linear.forward(x, packed, into: y, scratch: Scratch())
            #expect(y[0, 0] == rounded || value.isSubnormal && y[0, 0] == 0, "\(value)")
        }
    }

    /// The weight is rounded without arithmetic before, because all of a NaN's payload can be in
    /// the half that is cut off.
    @Test(arguments: [false, true], [0x7F80_0001, 0xFFFF_FFFF] as [UInt32])
    func aWeightThatIsNotANumberStaysNone(transposed: Bool, bits: UInt32) {
        let packed =
            transposed
            ? PackedWeight(outputs: 1, inputs: 1, precision: .bfloat16, layout: .transposed)
            : PackedWeight(outputs: 1, inputs: 1, precision: .bfloat16)
        packed.pack(Matrix([Float(bitPattern: bits)], rows: 1, columns: 1))
        let y = Matrix(rows: 1, columns: 1)
        Linear.forward(
            Matrix([1], rows: 1, columns: 1, precision: .bfloat16), packed, into: y,
            scratch: Scratch())
        #expect(y[0, 0].isNaN)
    }
}
