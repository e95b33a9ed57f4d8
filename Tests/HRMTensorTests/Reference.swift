import Foundation
import HRMTensor

/// Plain implementations of the primitives in float64.
enum Reference {
    static func sigmoid(_ x: Double) -> Double {
        x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
    }

    /// Rotates queries and keys (the first two thirds of the columns) by their position's angles.
    static func rotated(_ qkv: Table, _ heads: RotaryEmbedding, direction: Double = 1) -> Table {
        guard let tables = heads.tables else { return qkv }
        let (cosines, sines) = (Table(tables.cosines), Table(tables.sines))
        let half = heads.headSize / 2
        var result = qkv
        for row in 0..<qkv.rows {
            let position = row % heads.positions
            for head in 0..<(2 * heads.headCount) {
                for i in 0..<half {
                    let first = head * heads.headSize + i
                    let (c, s) = (cosines[position, i], direction * sines[position, i])
                    result[row, first] = qkv[row, first] * c - qkv[row, first + half] * s
                    result[row, first + half] = qkv[row, first + half] * c + qkv[row, first] * s
                }
            }
        }
        return result
    }

    static func inverseRMS(_ row: [Double], epsilon: Double) -> Double {
        let meanSquare = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
        return 1 / (meanSquare + epsilon).squareRoot()
    }

    static func swiGLU(gate: Double, up: Double) -> Double { gate * sigmoid(gate) * up }

    /// The attention's output and the log-sum-exp of each row of scores.
    static func attention(
        _ qkv: Table, _ heads: RotaryEmbedding
    ) -> (output: Table, logSumExp: Table) {
        let width = heads.headCount * heads.headSize
        let sequences = qkv.rows / heads.positions
        var output = Table(rows: qkv.rows, columns: width)
        var logSumExp = Table(rows: sequences * heads.headCount, columns: heads.positions)
        forEachHead(qkv, heads) { sequence, head, q, k, v in
            let scores = q.timesTransposed(k)
            let weights = softmax(scores, heads)
            let mixed = weights.probabilities.timesTransposed(v.transposed)
            for t in 0..<heads.positions {
                logSumExp[sequence * heads.headCount + head, t] = weights.logSumExp[t]
                for i in 0..<heads.headSize {
                    output[sequence * heads.positions + t, head * heads.headSize + i] = mixed[t, i]
                }
            }
        }
        return (output, logSumExp)
    }

    /// Returns the gradient of the rotated qkv by the softmax rule, `dS = P ∘ (dP − Σ dP ∘ P)`.
    static func attentionGradient(
        _ qkv: Table, _ heads: RotaryEmbedding, outputGradient: Table
    ) -> Table {
        let width = heads.headCount * heads.headSize
        let scale = 1 / Double(heads.headSize).squareRoot()
        var result = Table(rows: qkv.rows, columns: 3 * width)
        forEachHead(qkv, heads) { sequence, head, q, k, v in
            let first = sequence * heads.positions
            let p = softmax(q.timesTransposed(k), heads).probabilities
            var outer = Table(rows: heads.positions, columns: heads.headSize)
            for t in 0..<heads.positions {
                for i in 0..<heads.headSize {
                    outer[t, i] = outputGradient[first + t, head * heads.headSize + i]
                }
            }
            let dp = outer.timesTransposed(v)
            var ds = p
            for t in 0..<heads.positions {
                var mean = 0.0
                for s in 0..<heads.positions { mean += p[t, s] * dp[t, s] }
                for s in 0..<heads.positions { ds[t, s] = p[t, s] * (dp[t, s] - mean) * scale }
            }
            let parts = [
                ds.timesTransposed(k.transposed), ds.transposed.timesTransposed(q.transposed),
                p.transposed.timesTransposed(outer.transposed),
            ]
            for (part, gradient) in parts.enumerated() {
                for t in 0..<heads.positions {
                    for i in 0..<heads.headSize {
                        result[first + t, part * width + head * heads.headSize + i] = gradient[t, i]
                    }
                }
            }
        }
        return result
    }

    private static func softmax(
        _ scores: Table, _ heads: RotaryEmbedding
    ) -> (probabilities: Table, logSumExp: [Double]) {
        var probabilities = scores
        var logSumExp: [Double] = []
        let scale = 1 / Double(heads.headSize).squareRoot()
        for t in 0..<scores.rows {
            let row = scores.row(t).map { $0 * scale }
            let highest = row.max() ?? 0
            let total = row.reduce(0) { $0 + exp($1 - highest) }
            for s in 0..<scores.columns { probabilities[t, s] = exp(row[s] - highest) / total }
            logSumExp.append(highest + log(total))
        }
        return (probabilities, logSumExp)
    }

    private static func forEachHead(
        _ qkv: Table, _ heads: RotaryEmbedding,
        _ body: (_ sequence: Int, _ head: Int, _ q: Table, _ k: Table, _ v: Table) -> Void
    ) {
        let width = heads.headCount * heads.headSize
        for sequence in 0..<(qkv.rows / heads.positions) {
            for head in 0..<heads.headCount {
                let parts = (0..<3).map { part in
                    var table = Table(rows: heads.positions, columns: heads.headSize)
                    for t in 0..<heads.positions {
                        for i in 0..<heads.headSize {
                            table[t, i] =
                                qkv[
                                    sequence * heads.positions + t,
                                    part * width + head * heads.headSize + i]
                        }
                    }
                    return table
                }
                body(sequence, head, parts[0], parts[1], parts[2])
            }
        }
    }
}
