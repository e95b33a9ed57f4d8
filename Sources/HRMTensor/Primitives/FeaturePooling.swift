internal import CHRMKernels

/// Means over rows of a sequence that each row reads in addition to its own features.
///
/// With them, weights shared by all symbols can distinguish a symbol from the others, and weights
/// shared by all positions can use information from other positions. The result is equivariant to
/// permutations of the symbols, and to permutations of the positions that preserve their relations.
///
/// The means are those of the exchangeable layer of
/// [Hartford et al., 2018](https://arxiv.org/abs/1803.02879), with relations in place of rows and
/// columns. A sequence has one row per symbol of each position, `position · C + symbol`, and a
/// table with one row per mean: first the means of each position over its symbols, if there are
/// several; then, by relation and group, the means over the group's positions, one per symbol. A
/// row reads one mean of each of these kinds.
///
/// A layer over `[x | m₁ | m₂ | …]` is `W₀·x + W₁·m₁ + W₂·m₂ + …`, and the contribution of a mean
/// is the same for all its readers. It is therefore computed once, and the ``seen(_:)`` sums are
/// added to the rows' own products.
package struct FeaturePooling: Sendable {
    /// `C`, the number of symbols per position, or 1.
    package let symbols: Int
    /// `T·C`, the number of rows of a sequence.
    package let rows: Int
    /// The means of each kind, as rows of the table.
    package let kinds: [Range<Int>]

    /// The rows that each mean averages.
    let members: RowLists
    /// The means that include each row.
    private let memberships: RowLists
    /// The means that each row reads.
    private let seen: RowLists
    /// The rows that read each mean.
    let lookers: RowLists
    /// The weight of each member of a mean.
    let shares: [Float]

    /// Creates means over the symbols of a position, if there are several, and over relations.
    ///
    /// A group's mean is its sum divided by the size of the relation's largest group.
    ///
    /// - Precondition: Every relation has `positions` positions.
    package init(symbols: Int, positions: Int, relations: [PositionRelation] = []) {
        precondition(symbols >= 1 && positions >= 1, "\(symbols) symbols, \(positions) positions")
        var (members, shares, kinds) = ([[Int]](), [Float](), [Range<Int>]())
        var seen = [[Int]](repeating: [], count: positions * symbols)
        func append(_ means: [[Int]], share: Float) {
            kinds.append(members.count..<(members.count + means.count))
            members += means
            shares += means.map { _ in share }
        }
        if symbols > 1 {
            for row in seen.indices { seen[row].append(row / symbols) }
            append(
                (0..<positions).map { Array(($0 * symbols)..<(($0 + 1) * symbols)) },
                share: 1 / Float(symbols))
        }
        for relation in relations {
            precondition(
                relation.group.count == positions,
                "a relation of \(relation.group.count) positions for \(positions)")
            for row in seen.indices {
                seen[row].append(
                    members.count + relation.group[row / symbols] * symbols + row % symbols)
            }
            append(
                relation.groups.flatMap { group in
                    (0..<symbols).map { symbol in group.map { $0 * symbols + symbol } }
                }, share: 1 / Float(max(1, relation.groups.map(\.count).max() ?? 1)))
        }
        self.symbols = symbols
        rows = positions * symbols
        self.kinds = kinds
        self.shares = shares
        self.members = RowLists(members, tableRows: rows)
        self.seen = RowLists(seen, tableRows: members.count)
        memberships = self.members.transposed
        lookers = self.seen.transposed
    }

    /// True if positions read from other positions, not only from their own symbols.
    package var relatesPositions: Bool { kinds.count > (symbols > 1 ? 1 : 0) }

    /// The number of means of a sequence, that is, the rows of the table.
    package var meanCount: Int { shares.count }

    /// Computes means of a sequence.
    ///
    /// - Parameters:
    ///   - x: Shape `[T·C, d]`.
    ///   - range: The means to compute.
    ///   - means: The table, shape `[means, d]`; these rows are overwritten.
    package func takeMeans(of x: Matrix, _ range: Range<Int>, into means: Matrix) {
        sum(members, of: x, range, scale: shares, into: means)
    }

    /// Computes the unweighted sums of the means.
    ///
    /// - Parameters:
    ///   - x: Shape `[T·C, d]`.
    ///   - sums: The table, shape `[means, d]`; overwritten.
    package func takeSums(of x: Matrix, into sums: Matrix) {
        sum(members, of: x, 0..<meanCount, scale: nil, into: sums)
    }

    /// Computes the gradients of the means' sums from those of all rows that read them.
    ///
    /// If `dy` is the gradient of a layer's output, the results are the output gradients of the
    /// layer's part for the means, multiplied by the means' weights: together with the sums they
    /// give the gradient of that part's weight matrix, and multiplied by that matrix they become
    /// the table of ``members(_:)``.
    ///
    /// - Parameters:
    ///   - dy: Shape `[T·C, n]`.
    ///   - gradients: Shape `[means, n]`; overwritten.
    package func takeGradients(of dy: Matrix, into gradients: Matrix) {
        sum(lookers, of: dy, 0..<meanCount, scale: shares, into: gradients)
    }

    /// Returns for each row of a sequence the sum over the means that it reads.
    ///
    /// - Parameter table: One row per mean, as wide as the product that the sums are added to.
    /// - Returns: The sums.
    package func seen(_ table: Matrix) -> RowSums { RowSums(table: table, lists: seen, start: 0) }

    /// Returns for each row of a sequence the sum over the means that include it.
    ///
    /// - Parameter table: One row per mean, as wide as the product that the sums are added to.
    /// - Returns: The sums.
    package func members(_ table: Matrix) -> RowSums {
        RowSums(table: table, lists: memberships, start: 0)
    }

    private func sum(
        _ lists: RowLists, of x: Matrix, _ range: Range<Int>, scale: [Float]?, into table: Matrix
    ) {
        x.require("the rows of a sequence", rows: rows, columns: table.columns, table.precision)
        table.require("the table of means", rows: meanCount, columns: x.columns)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= meanCount,
            "means \(range) of \(meanCount)")
        func run(_ scale: UnsafePointer<Float>?) {
            unsafe lists.withView(of: x) { sums in
                unsafe KernelPath.active.kernels.sum_rows(
                    x.precision.code, range.lowerBound, range.upperBound, sums, scale, x.columns,
                    table.view)
            }
        }
        guard let scale else { return run(nil) }
        unsafe scale.withUnsafeBufferPointer { unsafe run($0.baseAddress) }
    }
}
