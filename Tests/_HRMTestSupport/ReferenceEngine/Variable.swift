/// A matrix in a computation, and the gradient of the computation's result with respect to it.
///
/// Reverse-mode differentiation: each operation creates a new variable, which keeps the variables
/// it was computed from and the rule that turns its gradient into theirs. ``backward(_:)`` applies
/// these rules from the result to the inputs.
public final class Variable {
    /// The matrix.
    public let value: PlainMatrix
    /// The sum of the gradients that have arrived; zeros before ``backward(_:)``.
    public var gradient: PlainMatrix {
        arrived ?? PlainMatrix(0, rows: value.rows, columns: value.columns)
    }

    private var arrived: PlainMatrix?
    private var operands: [Variable]
    private var rule: ((PlainMatrix) -> [PlainMatrix])?
    /// Greater than that of every operand.
    private let depth: Int

    /// Creates the result of an operation, or an input of the computation.
    ///
    /// - Parameters:
    ///   - value: The matrix.
    ///   - operands: The variables that it was computed from; none for an input.
    ///   - rule: Returns the gradients of the operands, in their order, for a gradient of the
    ///     result.
    public init(
        _ value: PlainMatrix, of operands: [Variable] = [],
        rule: ((_ gradient: PlainMatrix) -> [PlainMatrix])? = nil
    ) {
        self.value = value
        self.operands = operands
        self.rule = rule
        depth = 1 + (operands.map(\.depth).max() ?? 0)
    }

    /// The number of rows.
    public var rows: Int { value.rows }
    /// The number of columns.
    public var columns: Int { value.columns }

    /// The same matrix as a constant: gradients end here.
    public var detached: Variable { Variable(value) }

    /// Adds the gradients of a result to all variables that it was computed from, and forgets how
    /// it was computed.
    ///
    /// - Parameter seed: The gradient of the result itself; ones if nil.
    public func backward(_ seed: PlainMatrix? = nil) {
        receive(seed ?? PlainMatrix(1, rows: rows, columns: columns))
        // Operands come after everything that was computed from them.
        for variable in reachable.sorted(by: { $0.depth > $1.depth }) {
            if let rule = variable.rule, let gradient = variable.arrived {
                for (operand, part) in zip(variable.operands, rule(gradient)) {
                    operand.receive(part)
                }
            }
            variable.rule = nil
            variable.operands = []
        }
    }

    private func receive(_ part: PlainMatrix) {
        precondition(
            part.rows == rows && part.columns == columns,
            "a gradient [\(part.rows), \(part.columns)] of [\(rows), \(columns)]")
        arrived = arrived?.adding(part) ?? part
    }

    /// The variable and all that it was computed from, each once.
    private var reachable: [Variable] {
        var found: [Variable] = []
        var seen: Set<ObjectIdentifier> = []
        var waiting = [self]
        while let next = waiting.popLast() {
            guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
            found.append(next)
            waiting += next.operands
        }
        return found
    }
}
