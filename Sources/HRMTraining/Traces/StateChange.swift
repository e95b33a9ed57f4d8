/// How far a state moves.
enum StateChange {
    /// `‖z′ − z‖ / ‖z′‖`: 0 for a state that stays, about 1 for one that is new altogether; 0 where
    /// both are zero.
    ///
    /// It is divided by the new state's length, not the old one's: what a module leaves is
    /// normalized, while the state that a puzzle begins with may be anything.
    ///
    /// - Parameters:
    ///   - before: The state as it was.
    ///   - after: The state as it is, of the same length.
    ///   - elements: Which elements count.
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
