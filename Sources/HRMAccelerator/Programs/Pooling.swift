internal import HRMModel

/// The means that are inputs of a block's SwiGLU beside the features: over all symbols of a
/// position, and over groups of related cells.
struct Pooling {
    /// `C`, at least 1.
    let symbols: Int
    /// True if the mean over the symbols is an input.
    let poolsSymbols: Bool
    let relations: [Relation]

    /// The groups of a relation as matrices.
    struct Relation {
        /// `[G, T]`: 1 where a cell belongs to a group.
        let members: Expression
        /// 1 / size of the largest group, by which all sums are multiplied.
        let share: Double
        /// `[T, G]`: 1 at the group that a cell reads.
        let readers: Expression
    }

    /// Creates the means; nil for a model without symbols and relations.
    init?(_ builder: GraphBuilder, shape: ModelShape) {
        let configuration = shape.configuration
        guard configuration.symbolCount > 0 || !configuration.relations.isEmpty else { return nil }
        symbols = max(1, configuration.symbolCount)
        poolsSymbols = configuration.symbolCount > 0
        relations = configuration.cellGroups(positions: shape.positions).map { cells in
            let (groups, positions) = (cells.groups.count, shape.positions)
            func matrix(_ rows: Int, _ columns: Int, _ ones: [(Int, Int)]) -> Expression {
                var values = [Double](repeating: 0, count: rows * columns)
                for (row, column) in ones { values[row * columns + column] = 1 }
                return builder.vector(values, shape.precision).reshaped([rows, columns])
            }
            return Relation(
                members: matrix(
                    groups, positions,
                    cells.groups.enumerated().flatMap { group, cells in cells.map { (group, $0) } }),
                share: 1 / Double(max(1, cells.groups.map(\.count).max() ?? 1)),
                readers: matrix(
                    positions, groups, cells.group.enumerated().map { ($0, $1) }))
        }
    }
}

extension Layers {
    /// The second half of a block with means: every mean passes its columns of the weight once, and
    /// is added to the rows that read it.
    func pooledBlock(_ h: Expression, _ pooling: Pooling, prefix: String) -> Expression {
        let (b, t, c) = (h.shape[0], h.shape[1], pooling.symbols)
        let d = h.shape[2] / c
        let features = h.reshaped([b, t, c, d])
        let weight = weights[prefix + "gate_up_proj.weight"]
        let width = weight.shape[0]
        func columns(_ index: Int) -> Expression {
            weight.sliced((index * d)..<((index + 1) * d), axis: 1)
        }
        let whole = [b, t, c, width]
        var sum = linear(features, columns(0)).converted(to: .float32)
        var index = 1
        if pooling.poolsSymbols {
            let mean = features.converted(to: .float32).sum(over: [2]) / Double(c)
            let product = linear(stored(mean), columns(index)).converted(to: .float32)
            sum = sum + product.broadcast(to: whole, axes: [0, 1, 3])
            index += 1
        }
        for relation in pooling.relations {
            // [G, T] · [B, T, C, d], with axes G, B, C, d.
            let sums = relation.members.dot(
                features, GraphOperation.DotAxes(leftSummed: [1], rightSummed: [1]), as: .float32)
            let product = linear(stored(sums * relation.share), columns(index))
            // [T, G] · [G, B, C, 2·I], with axes T, B, C, 2·I.
            let read = relation.readers.dot(
                product, GraphOperation.DotAxes(leftSummed: [1], rightSummed: [0]), as: .float32)
            sum = sum + read.transposed([1, 0, 2, 3])
            index += 1
        }
        let y = linear(gated(sum), weights[prefix + "down_proj.weight"])
        return residualNorm(features, y).reshaped(h.shape)
    }
}
