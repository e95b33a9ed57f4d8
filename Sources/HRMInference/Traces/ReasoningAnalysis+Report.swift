import HRMModel

extension ReasoningAnalysis {
    /// The results of an analysis.
    package struct Report: Sendable, Equatable {
        /// The halting rule whose steps are counted.
        package var halting: HaltingRule
        /// The description of the difficulty measure.
        package var difficulty: String
        /// The number of puzzles.
        package var count = 0
        /// The number of puzzles with a correct answer when the rule halted, or after the last step
        /// if it did not.
        package var solvedAtHalt = 0
        /// The results after each step.
        package var steps: [Step]
        /// The puzzles by difficulty.
        package var difficulties: [Int: DifficultyTally] = [:]

        init(
            halting: HaltingRule, difficulty: String, stepCount: Int, schedule: SegmentSchedule
        ) {
            self.halting = halting
            self.difficulty = difficulty
            steps = (1...stepCount).map { step in
                Step(
                    step: step, lowChange: schedule.updatesLow ? 0 : nil,
                    updates: schedule.applications.map {
                        Update(loop: $0.updates == .low ? .fast : .slow, change: 0)
                    })
            }
        }

        /// The calibration of the confidence, over the answers after every step.
        package var calibration: Calibration {
            steps.reduce(into: Calibration()) { $0 += $1.calibration }
        }

        /// Returns a number of puzzles as a share of all.
        package func share(_ part: Int) -> Double { Double(part) / Double(max(1, count)) }

        /// The mean step at which the rule halts; puzzles without halting count with all steps.
        package var meanHaltingStep: Double {
            let total = difficulties.values.reduce(0) { $0 + $1.stepTotal }
            return Double(total) / Double(max(1, count))
        }
    }

    /// Sums over the puzzles after one step.
    package struct Step: Sendable, Equatable {
        /// The number of the step, starting at 1.
        package var step: Int
        /// The number of puzzles.
        package var count = 0
        /// The sum of the cell accuracies.
        package var accuracySum = 0.0
        /// The number of puzzles with every cell correct.
        package var solved = 0
        /// The number of cells whose token differs from the preceding step.
        package var changed = 0
        /// The sum of the mean entropies of the labelled cells, in nats.
        package var entropy = 0.0
        /// The sum of the relative changes of `z_H` within the step.
        package var highChange = 0.0
        /// The sum of the relative changes of `z_L` within the step; nil for models without a fast
        /// state.
        package var lowChange: Double?
        /// The calibration of the confidence.
        package var calibration = Calibration()
        /// The updates within the step.
        package var updates: [Update]

        /// Returns a sum as a mean over the puzzles.
        package func mean(_ sum: Double) -> Double { sum / Double(max(1, count)) }

        /// The mean share of correct cells.
        package var accuracy: Double { mean(accuracySum) }

        /// The mean confidence.
        package var meanConfidence: Double {
            mean(calibration.bins.reduce(0) { $0 + $1.confidence })
        }
    }

    /// One update within a step.
    package struct Update: Sendable, Equatable {
        /// The state that is updated.
        package var loop: ThinkingTrace.Loop
        /// The sum of the relative changes of that state.
        package var change: Double
    }

    /// The puzzles of one difficulty.
    package struct DifficultyTally: Sendable, Equatable {
        /// The number of puzzles.
        package var count = 0
        /// The number of puzzles with a correct answer after the last step.
        package var solved = 0
        /// The number of puzzles halted at each step.
        package var halted: [Int]

        /// The number of puzzles that never halted.
        package var unhalted: Int { count - halted.reduce(0, +) }

        /// The sum of the halting steps; puzzles without halting count with all steps.
        package var stepTotal: Int {
            halted.enumerated().reduce(unhalted * halted.count) {
                $0 + ($1.offset + 1) * $1.element
            }
        }

        static func += (sum: inout Self, other: Self) {
            sum.count += other.count
            sum.solved += other.solved
            for index in sum.halted.indices { sum.halted[index] += other.halted[index] }
        }
    }

    /// A range of neighbouring difficulties.
    package struct DifficultyBand: Sendable, Equatable {
        /// The difficulties in the band.
        package var range: ClosedRange<Int>
        /// The puzzles in the band.
        package var tally: DifficultyTally
    }
}

extension ReasoningAnalysis.Report {
    /// Groups the difficulties into bands of about equally many puzzles, in ascending order.
    ///
    /// - Parameter most: The maximum number of bands, at least 1.
    /// - Returns: Non-empty bands that contain all puzzles.
    package func bands(atMost most: Int = 8) -> [ReasoningAnalysis.DifficultyBand] {
        precondition(most >= 1, "\(most) bands")
        var bands: [ReasoningAnalysis.DifficultyBand] = []
        // The target band of each band.
        var places: [Int] = []
        var before = 0
        for (number, tally) in difficulties.sorted(by: { $0.key < $1.key }) {
            // The band that contains the median of these puzzles when all puzzles are sorted.
            let middle = Double(before) + Double(tally.count) / 2
            let place = min(Int(middle / Double(max(1, count)) * Double(most)), most - 1)
            before += tally.count
            if let last = bands.indices.last, places[last] == place {
                bands[last].range = bands[last].range.lowerBound...number
                bands[last].tally += tally
            } else {
                bands.append(.init(range: number...number, tally: tally))
                places.append(place)
            }
        }
        return bands
    }

    mutating func add(difficulty: Int, haltedAt step: Int?, isSolved: Bool) {
        var tally =
            difficulties[difficulty]
            ?? .init(halted: Array(repeating: 0, count: steps.count))
        count += 1
        tally.count += 1
        tally.solved += isSolved ? 1 : 0
        if let step {
            tally.halted[step - 1] += 1
        } else {
            solvedAtHalt += isSolved ? 1 : 0
        }
        difficulties[difficulty] = tally
    }

    mutating func addUpdates(_ updates: [UpdateRecorder.Update], step: Int) {
        for update in updates {
            steps[step - 1].updates[update.application].change += update.change
        }
    }
}

extension ReasoningAnalysis.Step {
    mutating func add(
        _ reading: ThinkingTrace.Reading, loss: SequenceLoss, labels: ArraySlice<Int32>,
        segment: UpdateRecorder.Segment
    ) {
        count += 1
        accuracySum += Double(loss.correctCount) / Double(loss.labelCount)
        solved += loss.isExact ? 1 : 0
        changed += reading.changed.count
        let open = zip(reading.entropy, labels).filter { $1 != TokenLoss.ignoredLabel }
        entropy += open.reduce(0) { $0 + $1.0 } / Double(open.count)
        highChange += segment.highChange
        if let change = segment.lowChange { lowChange = (lowChange ?? 0) + change }
        calibration.add(confidence: reading.confidence, isRight: loss.isExact)
    }
}
