extension Expression {
    /// Returns the angle of the point with this ordinate and an abscissa that is not negative,
    /// `−π/2 ... π/2` in float32; 0 at the origin.
    ///
    /// XLA expands `atan2` on processors into code that takes most of an optimizer's time, so the
    /// angle is computed from elementary operations: the smaller over the larger coordinate, which
    /// is at most 1, is reduced by 45° if it exceeds tan 22.5°, and what remains passes through an
    /// odd polynomial with a relative error below 2e-8.
    func angle(over abscissa: Expression) -> Expression {
        let ordinate = magnitude
        let isSteep = ordinate.compared(.greater, abscissa)
        let (smaller, larger) = (
            isSteep.select(abscissa, ordinate), isSteep.select(ordinate, abscissa)
        )
        let isOrigin = larger.compared(.equal, 0)
        let slope = smaller / isOrigin.select(like(1), larger)
        let isReduced = slope.compared(.greater, 0.414213562)
        let x = isReduced.select((slope + -1) / (slope + 1), slope)
        let square = x * x
        let sum = Self.coefficients.reduce(like(0)) { sum, coefficient in
            sum * square + coefficient
        }
        let small = x + x * square * sum
        let angle = isReduced.select(small + .pi / 4, small)
        let turned = isSteep.select(.pi / 2 - angle, angle)
        return compared(.less, 0).select(-turned, turned)
    }

    /// The coefficients of `(atan(x) / x − 1) / x²` by powers of `x²`, highest first: a minimax
    /// approximation for `|x| ≤ tan 22.5°`.
    private static let coefficients = [
        0.08053722258, -0.1387767859, 0.1997771001, -0.3333294914,
    ]
}
