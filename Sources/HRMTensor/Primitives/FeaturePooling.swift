internal import CHRMKernels

/// Features beside means of features.
///
/// With it, one weight for all symbols can tell a symbol from the others, and one weight for all
/// positions can tell a position what others know. Whichever way symbols are named, the result is the
/// same; whichever way positions change places, too, as long as who looked at whom still does.
///
/// The means are those of the exchangeable layer of
/// [Hartford et al., 2018](https://arxiv.org/abs/1803.02879), with relations in place of rows and
/// columns. Everything has a row for each symbol of each position, `position · C + symbol`.
public struct FeaturePooling: Sendable {
    /// `C`, symbols of a position, or 1.
    public let symbols: Int
    /// What positions look at.
    public let relations: PositionRelations

    /// Pooling over the symbols of a position, if there are several, and over relations.
    public init(symbols: Int, relations: PositionRelations = PositionRelations()) {
        precondition(symbols >= 1, "\(symbols) symbols")
        self.symbols = symbols
        self.relations = relations
    }

    /// How many times as wide as a row the pooled row is: itself, the mean over symbols if there are
    /// several, and one mean for each relation.
    public var parts: Int { (symbols > 1 ? 2 : 1) + relations.count }

    /// Room for the means of one sequence's groups.
    ///
    /// - Parameter width: `d`.
    /// - Returns: Shape `[groups, C·d]`; none without relations.
    public func means(width: Int) -> Matrix? {
        relations.count == 0
            ? nil : Matrix(rows: relations.groupCount, columns: symbols * width)
    }

    /// `output[p, s] = [input[p, s] | mean over s of input[p, s] | mean over each group that p looks at]`.
    ///
    /// - Parameters:
    ///   - input: Shape `[B·T·C, d]`.
    ///   - means: As ``means(width:)`` made it; overwritten.
    ///   - output: Shape `[B·T·C, parts·d]`, the precision of `input`; overwritten. Not `input`.
    ///   - team: Shares the rows.
    public func forward(_ input: Matrix, means: Matrix?, into output: Matrix, team: Team) {
        output.require(
            "the pooled features", rows: input.rows, columns: parts * input.columns,
            input.precision)
        eachSequence(of: input, means: means) { rows, positions in
            let (own, pooled) = (input.rows(rows), output.rows(rows))
            takeMeans(own, width: input.columns, step: 0, into: means, team: team)
            team.share(positions) { share, _ in
                unsafe relations.withView { relations in
                    unsafe KernelPath.active.kernels.pool(
                        input.precision.code, share.lowerBound, share.upperBound, relations,
                        symbols, input.columns, own.view, means?.floats(), pooled.view)
                }
            }
        }
    }

    /// `dInput = addend +` what comes back from all parts of the gradient of the output.
    ///
    /// - Parameters:
    ///   - dOutput: Shape `[B·T·C, parts·d]`.
    ///   - addend: Shape `[B·T·C, d]`.
    ///   - means: As ``means(width:)`` made it; overwritten.
    ///   - dInput: Shape `[B·T·C, d]`; overwritten, may be `addend`.
    ///   - team: Shares the rows.
    public func backward(
        _ dOutput: Matrix, adding addend: Matrix, means: Matrix?, into dInput: Matrix, team: Team
    ) {
        let width = dInput.columns
        addend.require("the addend", rows: dInput.rows, columns: width, dInput.precision)
        dOutput.require(
            "the pooled features' gradient", rows: dInput.rows, columns: parts * width,
            dInput.precision)
        let ownWidth = (parts - relations.count) * width
        eachSequence(of: dInput, means: means) { rows, positions in
            let gradient = dOutput.rows(rows)
            takeMeans(
                gradient.columns(ownWidth..<(parts * width)), width: width, step: width,
                into: means, team: team)
            let (plus, result) = (addend.rows(rows), dInput.rows(rows))
            team.share(positions) { share, _ in
                unsafe relations.withView { relations in
                    unsafe KernelPath.active.kernels.pool_backward(
                        dInput.precision.code, share.lowerBound, share.upperBound, relations,
                        symbols, width, gradient.view, plus.view, means?.floats(), result.view)
                }
            }
        }
    }

    /// Calls `body` with the rows of each sequence, or of all where sequences do not matter, and how
    /// many positions they are.
    private func eachSequence(
        of matrix: Matrix, means: Matrix?, _ body: (_ rows: Range<Int>, _ positions: Int) -> Void
    ) {
        let positions = relations.count > 0 ? relations.positions : matrix.rows / symbols
        precondition(
            matrix.rows.isMultiple(of: max(1, positions * symbols)),
            "sequences of \(positions) positions with \(symbols) symbols in rows of "
                + matrix.shapeDescription)
        means?.require(
            "the means of groups", rows: relations.groupCount, columns: symbols * matrix.columns,
            .float32)
        precondition((means == nil) == (relations.count == 0), "room for means, without relations")
        for first in stride(from: 0, to: matrix.rows, by: max(1, positions * symbols)) {
            body(first..<(first + positions * symbols), positions)
        }
    }

    private func takeMeans(
        _ source: Matrix, width: Int, step: Int, into means: Matrix?, team: Team
    ) {
        guard let means else { return }
        team.share(relations.groupCount) { groups, _ in
            unsafe relations.withView { relations in
                unsafe KernelPath.active.kernels.group_means(
                    source.precision.code, groups.lowerBound, groups.upperBound, relations,
                    symbols, width, source.view, step, means.floats())
            }
        }
    }
}
