/// The relative change of a state.
enum StateChange {
    /// Returns `‖z′ − z‖ / ‖z′‖`: 0 for an unchanged state, about 1 for an unrelated one; 0 if both
    /// are zero.
    ///
    /// The divisor is the norm of the new state, since a module's output is normalized, while an
    /// initial state may have any norm.
    ///
    /// - Parameters:
    ///   - before: The state before the change.
    ///   - after: The state after the change, with the same number of elements.
    ///   - elements: The range of elements to compare.
    /// - Returns: The relative change.
    static func relative(
        from before: [Float], to after: [Float], elements: Range<Int>
    ) -> Double {
        precondition(
            before.count == after.count, "states of \(before.count) and \(after.count) elements")
        var distance = 0.0
        var length = 0.0
        let (old, new) = (before.span, after.span)
        for index in elements {
            let value = Double(new[index])
            let difference = value - Double(old[index])
            distance += difference * difference
            length += value * value
        }
        return distance == 0 ? 0 : (distance / length).squareRoot()
    }
}
