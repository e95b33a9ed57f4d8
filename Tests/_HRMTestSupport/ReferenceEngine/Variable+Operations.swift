extension Variable {
    /// The sum of two variables of one shape.
    public static func + (left: Variable, right: Variable) -> Variable {
        Variable(left.value.adding(right.value), of: [left, right]) { [$0, $0] }
    }

    /// The difference of two variables of one shape.
    public static func - (left: Variable, right: Variable) -> Variable {
        Variable(left.value.adding(right.value.scaled(by: -1)), of: [left, right]) {
            [$0, $0.scaled(by: -1)]
        }
    }

    /// The product of the elements of two variables of one shape.
    public static func * (left: Variable, right: Variable) -> Variable {
        let (a, b) = (left.value, right.value)
        return Variable(a.timesElements(of: b), of: [left, right]) {
            [$0.timesElements(of: b), $0.timesElements(of: a)]
        }
    }

    /// Each element times a number.
    public static func * (factor: Double, right: Variable) -> Variable {
        Variable(right.value.scaled(by: factor), of: [right]) { [$0.scaled(by: factor)] }
    }

    /// Each element plus a number.
    public static func + (left: Variable, addend: Double) -> Variable {
        left + Variable(PlainMatrix(addend, rows: left.rows, columns: left.columns))
    }

    /// A function of each element.
    public func applying(_ function: ElementaryFunction) -> Variable {
        let x = value
        return Variable(x.mapping(function.value), of: [self]) {
            [$0.timesElements(of: x.mapping(function.derivative))]
        }
    }

    /// The matrix product with a transpose: `C = A·Bᵀ`, so `∂A = ∂C·B` and `∂B = ∂Cᵀ·A`.
    public func timesTransposed(_ other: Variable) -> Variable {
        let (a, b) = (value, other.value)
        return Variable(a.timesTransposed(b), of: [self, other]) {
            [$0.times(b), $0.transposed.times(a)]
        }
    }

    /// Rows and columns exchanged.
    public var transposed: Variable {
        Variable(value.transposed, of: [self]) { [$0.transposed] }
    }

    /// The sum of each row, `[rows, 1]`.
    public var rowSums: Variable {
        let (rows, columns) = (rows, columns)
        return Variable(value.rowSums, of: [self]) { gradient in
            [gradient.spread(rows: rows, columns: columns)]
        }
    }

    /// A single column repeated.
    public func spread(columns: Int) -> Variable {
        Variable(value.spread(rows: rows, columns: columns), of: [self]) { [$0.rowSums] }
    }

    /// The sum of all elements, `[1, 1]`.
    public var sum: Variable { reshaped(rows: 1, columns: rows * columns).rowSums }

    /// The same elements, row by row, in another shape.
    public func reshaped(rows: Int, columns: Int) -> Variable {
        let (oldRows, oldColumns) = (self.rows, self.columns)
        return Variable(
            PlainMatrix(value.values, rows: rows, columns: columns), of: [self]
        ) { [PlainMatrix($0.values, rows: oldRows, columns: oldColumns)] }
    }

    /// Copies of some rows, any of which may be taken repeatedly.
    public func rows(_ indices: some Sequence<Int>) -> Variable {
        let (indices, rows, columns) = (Array(indices), rows, columns)
        var taken = PlainMatrix(0, rows: indices.count, columns: columns)
        for (place, index) in indices.enumerated() {
            for column in 0..<columns {
                taken.values[place * columns + column] = value[index, column]
            }
        }
        return Variable(taken, of: [self]) { gradient in
            var result = PlainMatrix(0, rows: rows, columns: columns)
            for (place, index) in indices.enumerated() {
                for column in 0..<columns {
                    result.values[index * columns + column] += gradient[place, column]
                }
            }
            return [result]
        }
    }

    /// Copies of some columns.
    public func columns(_ range: Range<Int>) -> Variable {
        let (rows, columns) = (rows, columns)
        let (first, count) = (range.lowerBound, range.count)
        var taken = PlainMatrix(0, rows: rows, columns: count)
        for row in 0..<rows {
            for column in 0..<count {
                taken.values[row * count + column] = value[row, first + column]
            }
        }
        return Variable(taken, of: [self]) { gradient in
            var result = PlainMatrix(0, rows: rows, columns: columns)
            for row in 0..<rows {
                for column in 0..<count {
                    result.values[row * columns + first + column] = gradient[row, column]
                }
            }
            return [result]
        }
    }

    /// Variables of one width, one below the other.
    public static func stacked(_ parts: [Variable]) -> Variable {
        let heights = parts.map(\.rows)
        let columns = parts.first?.columns ?? 0
        return Variable(
            PlainMatrix(
                parts.flatMap(\.value.values), rows: heights.reduce(0, +), columns: columns),
            of: parts
        ) { gradient in
            var rest = gradient.values[...]
            return heights.map { height in
                defer { rest = rest.dropFirst(height * columns) }
                return PlainMatrix(
                    Array(rest.prefix(height * columns)), rows: height, columns: columns)
            }
        }
    }

    /// Variables of one height, side by side.
    public static func joined(_ parts: [Variable]) -> Variable {
        stacked(parts.map(\.transposed)).transposed
    }
}

extension PlainMatrix {
    /// The sum of each row, `[rows, 1]`.
    fileprivate var rowSums: PlainMatrix {
        var result = PlainMatrix(0, rows: rows, columns: 1)
        for row in 0..<rows {
            for column in 0..<columns { result.values[row] += self[row, column] }
        }
        return result
    }

    /// The first column repeated.
    fileprivate func spread(rows: Int, columns: Int) -> PlainMatrix {
        precondition(self.columns == 1 && self.rows == rows, "[\(self.rows), \(self.columns)]")
        var result = PlainMatrix(0, rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns { result.values[row * columns + column] = values[row] }
        }
        return result
    }
}
