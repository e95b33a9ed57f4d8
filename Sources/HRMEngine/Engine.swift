package import HRMModel
package import HRMTensor

/// The seam between what a model is and where it runs: an engine executes whole segments and
/// training steps of one model on a batch of slots.
///
/// The engine owns weights, states and the state of the optimizer. The caller owns the `Carry`:
/// the puzzles of the slots and their segment counts. Tensors enter and leave by name, so that a
/// checkpoint of one engine can be loaded into another.
///
/// The states of a slot are undefined until ``begin(_:noise:)`` or ``load(_:_:)`` sets them, as are
/// its logits until the first segment.
///
/// An engine is used by one thread at a time.
package protocol Engine: AnyObject, Sendable {
    /// The architecture.
    var configuration: HRMConfiguration { get }
    /// The dimensions that the data set determines.
    var dimensions: PuzzleDimensions { get }
    /// The number of slots with states `z_H` and `z_L`, `[T, D]` each.
    var slotCount: Int { get }

    /// Sets the states of a slot to the initial ones.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - noise: Added to the initial states; nil for none.
    func begin(_ slot: Int, noise: StateNoise?)

    /// Copies the states of one slot to another.
    func move(from source: Int, to target: Int)

    /// Permutes the cells of a slot; the positions of the puzzle embedding stay.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - sources: The old cell of each new one, `[S]`, a permutation.
    func rearrange(_ slot: Int, sources: [Int])

    /// Runs one segment without gradient; a sequence halts exactly at `maxSteps`.
    ///
    /// - Parameters:
    ///   - carry: The puzzles of all slots; their segment counts are updated.
    ///   - count: The number of active slots, starting with the first.
    ///   - maxSteps: The number of segments after which a sequence ends.
    ///   - observer: Called at every moment of the segment; it does not affect the results.
    /// - Returns: The outcome of each active slot, in order.
    func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome]

    /// Runs one training step: a segment, losses, backward pass and the update of the weights.
    ///
    /// - Parameters:
    ///   - carry: The puzzles of the step's slots; their segment counts are updated.
    ///   - step: The description of the step.
    /// - Returns: The outcome of each slot that learned, in order. If loss or gradient is not
    ///   finite, the weights are unchanged.
    func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome

    /// Moves the averaged weights towards the weights without a step, as the reference does after
    /// the last one.
    ///
    /// - Parameter rate: `μ`, the share of the average that is kept.
    func updateAverage(rate: Double)

    /// Calls `body` with the logits of a slot's cells after its last segment, `[S, V]` row-major.
    ///
    /// In training, slots are counted from the first one of the step.
    func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result

    /// Returns tensors by name.
    ///
    /// Their values may be the engine's own memory: later calls change them, and they must not be
    /// modified.
    ///
    /// - Parameter group: The group.
    /// - Returns: All tensors of the group; none of a group that the engine does not have, such as
    ///   the state of the optimizer of an engine for inference.
    func tensors(_ group: TensorGroup) -> [NamedTensor]

    /// Replaces tensors by name.
    ///
    /// - Parameters:
    ///   - tensors: Tensors of the group with the engine's shapes; others stay.
    ///   - group: Any group but the gradients.
    /// - Precondition: Names and shapes are those of ``tensors(_:)``.
    func load(_ tensors: [NamedTensor], _ group: TensorGroup)
}

/// A group of an engine's tensors.
package enum TensorGroup: Sendable, Hashable, CaseIterable {
    /// The weights and initial states, under the reference's names.
    case weights
    /// `z_H` and `z_L` of all slots, `[B·T, D]`.
    case states
    /// The state of the optimizer: `first_moment`, `second_moment` and, if enabled, `average`, each
    /// `[1, count]` in the order of the `ParameterLayout`.
    case optimizer
    /// The gradients of the last training step that kept them (`TrainingStep/keepsGradients`),
    /// under the names of the weights; empty before.
    ///
    /// They are those that the optimizer receives: the elements of interchangeable symbols that
    /// have one weight (`symbolCount`) all hold the mean of their gradients.
    /// Slots that did not learn contribute nothing. The gradient of the puzzle embedding has one
    /// row for each slot that learned, in order, `[n, E]`. Initial states have none.
    case gradients
}

/// A tensor that enters or leaves an engine.
package struct NamedTensor: Sendable {
    /// The name within its group.
    package var name: String
    /// Extents, outermost first.
    package var shape: [Int]
    /// The elements, row-major.
    package var values: Matrix

    /// Creates a tensor.
    package init(name: String, shape: [Int], values: Matrix) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

extension Engine {
    /// `T = P + S`, the positions of a sequence.
    package var positionCount: Int { configuration.prefixLength + dimensions.sequenceLength }

    /// Returns the most likely token of each cell of a slot, `[S]`, after its last segment.
    package func predictions(of slot: Int) -> [Int32] {
        let vocabulary = dimensions.vocabularySize
        guard !configuration.readsCandidates else { return choices(of: slot) }
        return withLogits(of: slot) { logits in
            (0..<dimensions.sequenceLength).map { cell in
                let first = cell * vocabulary
                return Int32(TokenLoss.mostLikely(logits, cell: first..<(first + vocabulary)))
            }
        }
    }

    /// Returns the symbol with the highest choice of each cell of a slot, as a token, among all
    /// symbols.
    private func choices(of slot: Int) -> [Int32] {
        let symbols = configuration.symbolCount
        return withLogits(of: slot) { outputs in
            (0..<dimensions.sequenceLength).map { cell in
                let best = CandidateOutput.mostLikely(
                    outputs, set: CandidateSets.all(symbols),
                    first: cell * symbols * CandidateOutput.count)
                return Int32(dimensions.vocabularySize - symbols + (best ?? 0))
            }
        }
    }

    /// Returns a summary of the logits of a slot's cells after its last segment.
    package func readout(of slot: Int) -> TokenReadout {
        withLogits(of: slot) {
            TokenReadout(
                $0, configuration: configuration, vocabularySize: dimensions.vocabularySize)
        }
    }

    /// True if all logits of a slot after its last segment are finite.
    package func hasFiniteLogits(of slot: Int) -> Bool {
        withLogits(of: slot) { logits in logits.indices.allSatisfy { logits[$0].isFinite } }
    }

    /// The error about logits that are not finite.
    package var nonFiniteOutput: NonFiniteOutput {
        let largest = tensors(.weights).flatMap(\.values.values).reduce(Float(0)) { most, weight in
            // A weight that is not a number must not get lost in a comparison.
            weight.isNaN ? .infinity : max(most, weight.magnitude)
        }
        return NonFiniteOutput(largestWeight: largest)
    }
}
