import HRMTensor
import Testing

/// Conversion to bfloat16 and back, in matrices and kernels.
@Suite struct RoundingTests {
    /// float32 numbers, each with the nearest bfloat16 number; ties are rounded to even.
    static let cases: [(value: Float, rounded: Float)] = [
        (0x0000_0000, 0x0000), (0x8000_0000, 0x8000),
        (0x3F80_0000, 0x3F80), (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80),
        (0x3F80_8001, 0x3F81), (0x3F81_8000, 0x3F82), (0x3F81_7FFF, 0x3F81),
        (0xBF80_8000, 0xBF80), (0xBF81_8000, 0xBF82), (0xBF80_8001, 0xBF81),
        // Rounded up to the next exponent, and beyond the largest number.
        (0x3FFF_8000, 0x4000), (0x7F7F_7FFF, 0x7F7F), (0x7F7F_8000, 0x7F80),
        (0xFF7F_FFFF, 0xFF80), (0x7F80_0000, 0x7F80), (0xFF80_0000, 0xFF80),
        // Subnormal numbers.
        (0x0000_8000, 0x0000), (0x0000_8001, 0x0001), (0x0001_8000, 0x0002),
        (0x807F_FFFF, 0x8080),
    ].map { (Float(bitPattern: $0), Float(bitPattern: $1 << 16)) }

    /// NaNs, one of them with all its payload in the half that is cut off.
    private static let notNumbers: [Float] =
        [0x7FC0_0000, 0x7F80_0001, 0xFF80_0001, 0xFFFF_FFFF, 0x7FA0_1234]
        .map { Float(bitPattern: $0) }

    @Test func aMatrixRoundsToNearestEven() {
        let values = Self.cases.map(\.value)
        let matrix = Matrix(values, rows: 1, columns: values.count, precision: .bfloat16)
        #expect(
            matrix.values.map(\.bitPattern) == Self.cases.map(\.rounded.bitPattern))
        for (column, (value, rounded)) in Self.cases.enumerated() {
            matrix[0, column] = 1
            matrix[0, column] = value
            #expect(matrix[0, column].bitPattern == rounded.bitPattern, "\(value)")
            #expect(
                Precision.bfloat16.rounded(value).bitPattern == rounded.bitPattern, "\(value)")
            #expect(Precision.float32.rounded(value).bitPattern == value.bitPattern)
        }
    }

    /// The vector kernels store numbers as matrices do, in whole vectors and in the rest of a row.
    @Test func theKernelsRoundToNearestEven() {
        let normal = Self.cases.filter { $0.value == 0 || $0.value.isNormal || !$0.value.isFinite }
        for count in [1, 3, normal.count] {
            for first in stride(from: 0, through: normal.count - count, by: count) {
                let part = normal[first..<(first + count)]
                let table = Matrix(part.map(\.value), rows: 1, columns: count)
                let output = Matrix(rows: 1, columns: count, precision: .bfloat16)
                Embedding.write((table, 0), plus: nil, scale: 1, to: output, row: 0)
                for (value, rounded) in zip(output.values, part.map(\.rounded)) {
                    #expect(value == rounded, "\(rounded)")
                }
            }
        }
    }

    @Test func whatIsNotANumberStaysNone() {
        let count = Self.notNumbers.count
        let table = Matrix(Self.notNumbers, rows: 1, columns: count)
        let output = Matrix(rows: 1, columns: count, precision: .bfloat16)
        Embedding.write((table, 0), plus: nil, scale: 1, to: output, row: 0)
        #expect(output.values.allSatisfy { $0.isNaN })
        output.clear()
        output.assign(table)
        #expect(output.values.allSatisfy { $0.isNaN })
        let back = Matrix(rows: 1, columns: count)
        back.assign(output)
        #expect(back.values.allSatisfy { $0.isNaN })
        #expect(Self.notNumbers.allSatisfy { Precision.bfloat16.rounded($0).isNaN })
    }

    @Test func everyBfloat16NumberSurvives() {
        let all = (UInt32(0)...0xFFFF).map { Float(bitPattern: $0 << 16) }.filter { !$0.isNaN }
        let matrix = Matrix(all, rows: 1, columns: all.count, precision: .bfloat16)
        #expect(matrix.values.map(\.bitPattern) == all.map(\.bitPattern))
    }
}
