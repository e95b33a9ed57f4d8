/// The floating-point operations of training steps.
///
/// A stack pass over R tokens takes 2 · R operations for each of its weights, and 4 · T² · A · D for
/// the attention of each of its blocks to a sequence of T tokens. A pass with gradient takes three
/// times the products, and 3.5 times the attention. The head counts for tokens with a target.
/// Embedding, norms, optimizer and averages are not counted.
package struct TextTrainingCost: Sendable {
    private let configuration: TextConfiguration
    /// The number of weights of a block.
    private let blockSize: Int

    /// Creates the cost of a model.
    package init(_ configuration: TextConfiguration) {
        self.configuration = configuration
        let heads = configuration.headCount * configuration.headSize
        blockSize = configuration.hiddenSize * (5 * heads + 3 * configuration.innerSize)
    }

    /// Returns the operations of a step.
    ///
    /// - Parameters:
    ///   - lengths: The number of tokens of each sequence.
    ///   - targetCount: The number of tokens with a target.
    ///   - plan: The passes with gradient; nil for a forward pass alone.
    /// - Returns: Floating-point operations.
    package func operations(
        lengths: [Int], targetCount: Int, plan: GradientPlan?
    ) -> Double {
        let tokens = Double(lengths.reduce(0, +))
        let squares = lengths.reduce(0.0) { $0 + Double($1) * Double($1) }
        let width = Double(configuration.headCount * configuration.headSize)
        let products = 2 * tokens * Double(blockSize)
        let attention = 4 * squares * width
        let passes = Double(configuration.passCount)
        let gradients = Double(plan?.passes.count { $0 } ?? 0)
        let blocks =
            Double(configuration.layersPerStack)
            * ((passes + 2 * gradients) * products + (passes + 2.5 * gradients) * attention)
        let head =
            2 * Double(targetCount) * Double(configuration.hiddenSize)
            * Double(configuration.vocabularySize)
        return blocks + (plan == nil ? 1 : 3) * head
    }
}
