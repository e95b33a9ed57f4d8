internal import CHRMKernels

/// Means that the rows of a sequence see beside their own features.
///
/// With them, one weight for all symbols can tell a symbol from the others, and one weight for all
/// positions can tell a position what others know. Whichever way symbols are named, the result is the
/// same; whichever way positions change places, too, as long as who looked at whom still does.
///
/// The means are those of the exchangeable layer of
/// [Hartford et al., 2018](https://arxiv.org/abs/1803.02879), with relations in place of rows and
/// columns. A sequence has a row for each symbol of each position, `position · C + symbol`, and a
/// table with a row for each mean: first those of each position over its symbols, if there are
/// several; then, relation by relation and group by group, those over the group's positions, one for
/// each symbol. A row sees one mean of each of these kinds.
///
/// A layer over `[x | m₁ | m₂ | …]` is `W₀·x + W₁·m₁ + W₂·m₂ + …`, and what a mean adds is the same for
/// all that see it: so it is computed once, and the ``seen(_:)`` sums are added to the rows' own
/// products.
public struct FeaturePooling: Sendable {
    /// `C`, symbols of a position, or 1.
    public let symbols: Int
    /// Rows of a sequence, `T·C`.
    public let rows: Int
    /// The means of each kind, by their rows in the table.
    public let kinds: [Range<Int>]

    /// The rows that a mean is over.
    private let members: RowLists
    /// The means that a row is in.
    private let memberships: RowLists
    /// The means that a row sees.
    private let seen: RowLists
    /// The rows that see a mean.
    private let lookers: RowLists
    /// What each member of a mean counts for.
    private let shares: [Float]

    /// Means over the symbols of a position, if there are several, and over relations.
    ///
    /// A group's mean is its sum divided by the size of the relation's largest group.
    ///
    /// - Precondition: Every relation is one of so many positions.
    public init(symbols: Int, positions: Int, relations: [PositionRelation] = []) {
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

    /// Whether positions see each other, and not only their own symbols.
    public var relatesPositions: Bool { kinds.count > (symbols > 1 ? 1 : 0) }

    /// Rows of the table: means of a sequence.
    public var meanCount: Int { shares.count }

    /// The means of a sequence.
    ///
    /// - Parameters:
    ///   - x: Shape `[T·C, d]`.
    ///   - range: Which of them.
    ///   - means: The table, shape `[means, d]`; these rows are overwritten.
    public func takeMeans(of x: Matrix, _ range: Range<Int>, into means: Matrix) {
        sum(members, of: x, range, scale: shares, into: means)
    }

    /// The sums that the means are shares of.
    ///
    /// - Parameters:
    ///   - x: Shape `[T·C, d]`.
    ///   - sums: The table, shape `[means, d]`; overwritten.
    public func takeSums(of x: Matrix, into sums: Matrix) {
        sum(members, of: x, 0..<meanCount, scale: nil, into: sums)
    }

    /// The gradients of the means' sums, from those of all rows that see them.
    ///
    /// With `dy` behind a layer, they are the gradients behind its part for the means, multiplied by
    /// the means' shares: with the sums they make the gradient of that part's weight, and through
    /// that part they become ``members(_:)`` gradients.
    ///
    /// - Parameters:
    ///   - dy: Shape `[T·C, n]`.
    ///   - gradients: Shape `[means, n]`; overwritten.
    public func takeGradients(of dy: Matrix, into gradients: Matrix) {
        sum(lookers, of: dy, 0..<meanCount, scale: shares, into: gradients)
    }

    /// For each row of a sequence the sum of what it sees.
    ///
    /// - Parameter table: A row for each mean, as wide as the product that the sums are added to.
    /// - Returns: The sums.
    public func seen(_ table: Matrix) -> RowSums { RowSums(table: table, lists: seen, start: 0) }

    /// For each row of a sequence the sum of what comes back from the means it is in.
    ///
    /// - Parameter table: A row for each mean, as wide as the product that the sums are added to.
    /// - Returns: The sums.
    public func members(_ table: Matrix) -> RowSums {
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
