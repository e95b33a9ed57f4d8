import HRMTensor

/// The tokens that each pass of the two loops would have said next: the head applied to
/// intermediate states (the logit lens, nostalgebraist, 2020).
///
/// The head is trained on the slow state after the last cycle; readings of earlier states, and of
/// the fast state, show how close they are to it.
package struct TextLens {
    /// A token with its probability.
    package struct Reading: Sendable, Equatable {
        /// The token.
        package var id: Int32
        /// The softmax of the logits, 0 through 1.
        package var probability: Double
    }

    /// The readings of one pass at one position.
    package struct Step: Sendable, Equatable {
        /// The slow cycle, counting from 1.
        package var cycle: Int
        /// The pass of the fast stack in its cycle, counting from 1; nil for the slow stack.
        package var lowPass: Int?
        /// The most likely tokens, in order.
        package var readings: [Reading]
        /// The probability of the token that follows, if the row has one.
        package var followingProbability: Double?

        /// The step's name: `L2.3` is the third fast pass of the second cycle, `H2` its slow pass.
        package var name: String { lowPass.map { "L\(cycle).\($0)" } ?? "H\(cycle)" }
    }

    /// Returns the steps of each position.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - row: The tokens with their types.
    ///   - positions: The positions; position t predicts token t + 1.
    ///   - count: The number of readings of each step.
    /// - Returns: For each position, its H·(L + 1) steps in order.
    /// - Throws: ``TextSessionError`` for a row that is not valid.
    package static func steps(
        of model: TextModel, row: TextRow, positions: Range<Int>, count: Int = 1
    ) throws(TextSessionError) -> [[Step]] {
        let pool = WorkerPool(workers: model.workers)
        let perCycle = model.configuration.lowCycles + 1
        var steps = [[Step]](repeating: [], count: positions.count)
        _ = try model.logits(
            of: row, positions: positions.upperBound - 1..<positions.upperBound, pool: pool
        ) { moment, memory in
            guard case .pass(let number, let isHigh) = moment else { return }
            let logits = OutputHead.logits(
                model, states: isHigh ? memory.high : memory.low, rows: Array(positions),
                pool: pool)
            for (place, position) in positions.enumerated() {
                let following = position + 1 < row.ids.count ? row.ids[position + 1] : nil
                let probabilities = TokenProbabilities(logits[place])
                steps[place].append(
                    Step(
                        cycle: number / perCycle + 1,
                        lowPass: isHigh ? nil : number % perCycle + 1,
                        readings: probabilities.best(count),
                        followingProbability: following.map { probabilities[$0] }))
            }
        }
        return steps
    }
}
