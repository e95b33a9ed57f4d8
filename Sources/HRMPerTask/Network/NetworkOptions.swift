/// Departures from the published network; none by default.
package struct NetworkOptions: Sendable, Hashable {
    /// True to start with equal biases of black and the other colours.
    ///
    /// The published start is an
    /// offset of standard deviation 25, which takes the optimizer about 25 steps to remove.
    package var startsWithoutColourBias = false
    /// True to give diagonals the margin of rows and columns, without which the gradient of
    /// diagonals with nearly equal values is huge.
    package var hasWideDiagonals = false
    /// True to give softmaxes over rows and over columns the same weights, which makes exchanging
    /// rows and columns a symmetry.
    package var tiesSoftmaxes = false
    /// True to normalise the input of softmaxes and of the nonlinearity, as in the published
    /// description.
    package var normalisesInputs = false

    /// Creates the published network.
    package init() {}
}
