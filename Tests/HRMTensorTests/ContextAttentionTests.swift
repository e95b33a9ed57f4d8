import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

/// Attention with a mask, against float64 and central differences.
@Suite struct ContextAttentionTests {
    /// The places that each query sees, as a plain table.
    private struct Mask {
        var visibility = ContextVisibility()
        var seen: [[Bool]] = []

        /// Creates a random mask of the last `queries` of `keys` places.
        init(queries: Int, keys: Int, hasTable: Bool, using generator: inout SeededGenerator) {
            func flags() -> [Bool] { (0..<keys).map { _ in generator.next() % 3 == 0 } }
            let (past, future) = (flags(), flags())
            for query in 0..<queries {
                let own = keys - queries + query
                let first = Int(generator.next() % UInt64(own + 1))
                let end = own + 1 + Int(generator.next() % UInt64(keys - own))
                visibility.append(first: first, own: own, end: end)
                seen.append(
                    (0..<keys).map { key in
                        guard key >= first, key < end else { return false }
                        return !hasTable || !(key <= own ? past[key] : future[key])
                    })
            }
            if hasTable { visibility.hide(past: past, future: future) }
        }
    }

    private func reference(_ q: Table, _ k: Table, _ v: Table, _ seen: [[Bool]]) -> [Double] {
        seen.indices.flatMap { row -> [Double] in
            let scores = (0..<k.rows).map { key -> Double in
                guard seen[row][key] else { return -.infinity }
                return (0..<q.columns).reduce(0) { $0 + q[row, $1] * k[key, $1] }
                    / Double(q.columns).squareRoot()
            }
            let top = scores.max() ?? 0
            guard top > -.infinity else { return [Double](repeating: 0, count: q.columns) }
            let weights = scores.map { exp($0 - top) }
            let total = weights.reduce(0, +)
            return (0..<q.columns).map { column in
                (0..<k.rows).reduce(0) { $0 + weights[$1] * v[$1, column] } / total
            }
        }
    }

    @Test(arguments: Precision.allCases, [false, true])
    func attentionIsRightAtEverySize(_ precision: Precision, _ hasTable: Bool) {
        var generator = SeededGenerator(seed: 1)
        let scratch = Scratch()
        for size in [1, 2, 8, 10, 16, 33, 64, 130] {
            for (queries, keys) in [
                (1, 1), (1, 40), (2, 7), (4, 20), (5, 5), (6, 70), (13, 13), (14, 131),
            ] {
                let mask = Mask(
                    queries: queries, keys: keys, hasTable: hasTable, using: &generator)
                func input(_ rows: Int) -> Matrix {
                    FramedMatrix.input(
                        rows: rows, columns: size, precision: precision, scale: 2,
                        using: &generator)
                }
                let (q, k, v) = (input(queries), input(keys), input(keys))
                let output = FramedMatrix(rows: queries, columns: size, precision: precision)
                ContextAttention.forward(
                    queries: q, keys: k, values: v, visibility: mask.visibility,
                    into: output.view, scratch: scratch)
                let expected = reference(Table(q), Table(k), Table(v), mask.seen)
                // Weights of many queries are rounded to the precision before they are applied.
                expectClose(
                    output.view.values.map(Double.init), expected,
                    Tolerance(
                        absolute: precision == .float32 ? 2e-5 : 2e-2,
                        relative: precision.storageError),
                    "\(precision) \(queries) of \(keys), \(size) wide")
                output.expectIntact("\(queries) of \(keys), \(size) wide")
            }
        }
    }

    @Test(arguments: [false, true])
    func gradientsAreCentralDifferences(_ hasTable: Bool) {
        var generator = SeededGenerator(seed: 2)
        let scratch = Scratch()
        let (queries, keys, size) = (5, 9, 6)
        let mask = Mask(queries: queries, keys: keys, hasTable: hasTable, using: &generator)
        let inputs = [queries, keys, keys].map {
            Matrix(generator.values($0 * size), rows: $0, columns: size)
        }
        let share = Matrix(generator.values(queries * size), rows: queries, columns: size)
        let output = Matrix(rows: queries, columns: size)
        ContextAttention.forward(
            queries: inputs[0], keys: inputs[1], values: inputs[2], visibility: mask.visibility,
            into: output, scratch: scratch)
        let gradients = inputs.map { Matrix(rows: $0.rows, columns: size) }
        ContextAttention.backward(
            (inputs[0], inputs[1], inputs[2]), visibility: mask.visibility, output: output,
            outputGradient: share, into: (gradients[0], gradients[1], gradients[2]),
            scratch: scratch)
        for (index, input) in inputs.enumerated() {
            var tables = inputs.map { Table($0) }
            for element in 0..<(input.rows * size) {
                func loss(_ step: Double) -> Double {
                    let start = tables[index].values[element]
                    defer { tables[index].values[element] = start }
                    tables[index].values[element] += step
                    return zip(
                        reference(tables[0], tables[1], tables[2], mask.seen), share.values
                    ).reduce(0) { $0 + $1.0 * Double($1.1) }
                }
                let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
                #expect(
                    abs(Double(gradients[index].values[element]) - difference) < 1e-5,
                    "input \(index), element \(element)")
            }
        }
    }
}
