package import HRMModel
package import HRMTensor

extension AdaptiveComputation {
    /// Draws the minimum number of segments of each slot in this step: with probability
    /// `probability` a number in `2 ... maxSteps`, otherwise 0.
    ///
    /// Both random numbers are drawn for every slot in every step, so that the generator advances
    /// equally in all cases.
    package static func drawMinimumSteps(
        slots: Int, maxSteps: Int, probability: Double, using generator: inout SeededGenerator
    ) -> [Int] {
        (0..<slots).map { _ in
            let explores = Double(generator.nextUnitFloat()) < probability
            let steps = Int.random(in: 2...max(2, maxSteps), using: &generator)
            return explores ? steps : 0
        }
    }
}
