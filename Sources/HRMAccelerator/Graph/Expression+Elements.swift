/// Operations on each element.
extension Expression {
    func unary(_ function: GraphOperation.Unary) -> Expression {
        let result = function == .isFinite ? BufferType(shape, .bool) : type
        return builder.add(.unary(function), [self], result)
    }

    func binary(_ function: GraphOperation.Binary, _ other: Expression) -> Expression {
        precondition(type == other.type, "\(function.rawValue) of \(type) and \(other.type)")
        return builder.add(.binary(function), [self, other], type)
    }

    /// Returns the comparison of each pair of elements.
    package func compared(_ comparison: GraphOperation.Comparison, _ other: Expression)
        -> Expression
    {
        precondition(type == other.type, "\(comparison.rawValue) of \(type) and \(other.type)")
        return builder.add(
            .compare(comparison), [self, other], BufferType(shape, .bool))
    }

    /// Returns the comparison of each element with a number.
    package func compared(_ comparison: GraphOperation.Comparison, _ other: Double) -> Expression {
        compared(comparison, like(other))
    }

    /// Returns a tensor of this type with equal elements.
    package func like(_ value: Double) -> Expression {
        builder.constant(value, shape, element)
    }

    /// The sum of each pair of elements.
    package static func + (left: Expression, right: Expression) -> Expression {
        left.binary(.add, right)
    }

    /// The sum of each element and a number.
    package static func + (left: Expression, right: Double) -> Expression {
        left + left.like(right)
    }

    /// The difference of each pair of elements.
    package static func - (left: Expression, right: Expression) -> Expression {
        left.binary(.subtract, right)
    }

    /// The difference of a number and each element.
    package static func - (left: Double, right: Expression) -> Expression {
        right.like(left) - right
    }

    /// The negative of each element.
    package static prefix func - (value: Expression) -> Expression { value.unary(.negate) }

    /// The product of each pair of elements.
    package static func * (left: Expression, right: Expression) -> Expression {
        left.binary(.multiply, right)
    }

    /// The product of each element and a number.
    package static func * (left: Expression, right: Double) -> Expression {
        right == 1 ? left : left * left.like(right)
    }

    /// The quotient of each pair of elements.
    package static func / (left: Expression, right: Expression) -> Expression {
        left.binary(.divide, right)
    }

    /// The quotient of each element and a number.
    package static func / (left: Expression, right: Double) -> Expression {
        left / left.like(right)
    }

    /// Conjunction.
    package static func & (left: Expression, right: Expression) -> Expression {
        left.binary(.and, right)
    }

    /// The larger of each pair of elements.
    package func maximum(_ other: Expression) -> Expression { binary(.maximum, other) }
    /// The angle of the point with this ordinate and another abscissa.
    package func arctangent(over other: Expression) -> Expression { binary(.atan2, other) }

    /// eˣ.
    package var exponential: Expression { unary(.exponential) }
    /// The natural logarithm.
    package var logarithm: Expression { unary(.log) }
    /// log(1 + x), accurate for small x.
    package var logarithmOfOnePlus: Expression { unary(.logPlusOne) }
    /// 1 / (1 + e⁻ˣ).
    package var logistic: Expression { unary(.logistic) }
    /// 1 / √x.
    package var inverseSquareRoot: Expression { unary(.rsqrt) }
    /// √x.
    package var squareRoot: Expression { unary(.sqrt) }
    /// −1, 0 or 1.
    package var sign: Expression { unary(.sign) }
    /// |x|.
    package var magnitude: Expression { unary(.abs) }
    /// cos x.
    package var cosine: Expression { unary(.cosine) }
    /// sin x.
    package var sine: Expression { unary(.sine) }
    /// True for finite elements.
    package var isFinite: Expression { unary(.isFinite) }

    /// The same value, through which no gradient flows.
    package var stopped: Expression { builder.add(.stop, [self], type) }

    /// Returns the elements in another type.
    package func converted(to element: ElementType) -> Expression {
        if element == self.element { return self }
        return builder.add(.convert, [self], BufferType(shape, element))
    }

    /// Returns, for each true element, that of one tensor, otherwise that of another.
    package func select(_ yes: Expression, _ no: Expression) -> Expression {
        precondition(
            element == .bool && shape == yes.shape && yes.type == no.type,
            "a choice by \(type) among \(yes.type) and \(no.type)")
        return builder.add(.select, [self, yes, no], yes.type)
    }
}
