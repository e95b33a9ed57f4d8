/// The stack passes through which gradients flow.
package struct GradientPlan: Sendable, Hashable {
    /// True for each stack pass with gradient, in the order of the forward pass.
    package let passes: [Bool]

    /// The plan of the original training: the last b passes, of which the slow ones count first.
    ///
    /// min(H, b − 1) slow passes and the rest of b of all fast passes, the last ones of each kind.
    ///
    /// - Parameters:
    ///   - steps: b, at least 2.
    ///   - configuration: The cycles.
    package init(steps: Int, _ configuration: TextConfiguration) {
        precondition(steps >= 2, "\(steps) passes with gradient")
        let (high, low) = (configuration.highCycles, configuration.lowCycles)
        let highCount = min(high, steps - 1)
        let lowCount = min(high * low, steps - highCount)
        var passes: [Bool] = []
        for cycle in 0..<high {
            for pass in 0..<low { passes.append(cycle * low + pass >= high * low - lowCount) }
            passes.append(cycle >= high - highCount)
        }
        self.passes = passes
    }

    /// The plan of transformers: all slow passes, and the last fast passes of each cycle.
    ///
    /// - Parameters:
    ///   - lowCycles: The number of fast passes of each cycle; missing cycles at the front have
    ///     one.
    ///   - configuration: The cycles.
    package init(lowCycles: [Int], _ configuration: TextConfiguration) {
        let (high, low) = (configuration.highCycles, configuration.lowCycles)
        precondition(lowCycles.count <= high, "\(lowCycles) for \(high) cycles")
        let counts = [Int](repeating: 1, count: high - lowCycles.count) + lowCycles
        passes = counts.flatMap { count in (0..<low).map { $0 >= low - count } + [true] }
    }

    /// Returns the number of passes with gradient at a step of the warm-up: from 2 to 5 in the
    /// first 20 % of the training, `2 + ⌊3 · min(1, step / (0.2 · total))⌋`.
    package static func warmUp(step: Int, of total: Int) -> Int {
        let share = total > 0 ? min(1, Double(step) / (0.2 * Double(total))) : 1
        return 2 + Int(3 * share)
    }
}
