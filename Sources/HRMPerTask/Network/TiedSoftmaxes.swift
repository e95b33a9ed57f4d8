import HRMTensor

/// Equal weights of the softmaxes over rows and over columns, in tensors that have both.
///
/// Equal values with equal gradients, the sums of both, remain equal.
struct TiedSoftmaxes {
    /// Rows of a weight whose softmaxes exchange rows and columns.
    private var pairs: [(weight: Weight, first: Int, second: Int)] = []

    /// Finds the pairs of all blocks.
    init(_ parameters: Parameters) {
        let kinds = AxisSet.all.filter { $0.isSuperset(of: [.row, .column]) }
        for block in 0..<ParameterDescription.blocks {
            for kind in kinds {
                let name = ProjectedLayer.softmax.name(block: block, kind)
                let weight = parameters.projection(name).output
                let sets = Self.sets(kind)
                for (number, set) in sets.enumerated()
                where set.contains(.row) && !set.contains(.column) {
                    let exchanged = set.symmetricDifference([.row, .column])
                    guard let other = sets.firstIndex(of: exchanged) else { continue }
                    for channel in 0..<2 {
                        pairs.append((weight, 2 * number + channel, 2 * other + channel))
                    }
                }
            }
        }
    }

    /// The sets of axes of a tensor's softmaxes, by size and then in the order of the axes.
    static func sets(_ kind: AxisSet) -> [AxisSet] {
        let axes = kind.subtracting(.example).axes
        let sets = (1..<(1 << axes.count)).map { bits in
            axes.indices.filter { bits >> $0 & 1 == 1 }
        }
        return sets.sorted {
            $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1)
        }.map { AxisSet($0.map { AxisSet(axes[$0]) }) }
    }

    /// Gives the second of each pair the values of the first.
    func tieValues() {
        for pair in pairs {
            row(pair.second, pair.weight.value).assign(row(pair.first, pair.weight.value))
        }
    }

    /// Gives both of each pair the sum of their gradients.
    func tieGradients() {
        for pair in pairs {
            let (first, second) = (
                row(pair.first, pair.weight.gradient), row(pair.second, pair.weight.gradient)
            )
            Sum.of(first, second, into: first)
            second.assign(first)
        }
    }

    private func row(_ number: Int, _ matrix: Matrix) -> Matrix {
        matrix.rows(number..<(number + 1))
    }
}
