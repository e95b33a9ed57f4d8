import HRMModel

extension ThinkingSurvey {
    /// What a survey saw.
    public struct Report: Sendable, Equatable {
        /// The rule whose steps are counted.
        public var halting: HaltingRule
        /// What the difficulty of a puzzle counts.
        public var difficulty: String
        /// Puzzles.
        public var count = 0
        /// Puzzles whose answer was right when the rule ended them, or after the last step where it
        /// did not.
        public var solvedAtHalt = 0
        /// What came out after each step.
        public var steps: [Step]
        /// The puzzles of each difficulty, by its number.
        public var difficulties: [Int: DifficultyTally] = [:]

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

        /// The stated confidence against being right, over the answers after every step.
        public var calibration: Calibration {
            steps.reduce(into: Calibration()) { $0 += $1.calibration }
        }

        /// A number of puzzles as a share of all.
        public func share(_ part: Int) -> Double { Double(part) / Double(max(1, count)) }

        /// Mean step at which the rule ends a puzzle; one that it does not end has all steps.
        public var meanHaltingStep: Double {
            let total = difficulties.values.reduce(0) { $0 + $1.stepTotal }
            return Double(total) / Double(max(1, count))
        }
    }

    /// Sums over the puzzles after one step.
    public struct Step: Sendable, Equatable {
        /// Its number, counting from 1.
        public var step: Int
        /// Puzzles.
        public var count = 0
        /// Σ share of cells that are right.
        public var accuracy = 0.0
        /// Puzzles with every cell right.
        public var solved = 0
        /// Σ cells whose token is another one than the step before.
        public var changed = 0
        /// Σ mean entropy of the labelled cells, in nats.
        public var entropy = 0.0
        /// Σ relative change of `z_H` within the step.
        public var highChange = 0.0
        /// Σ relative change of `z_L` within the step; nil in a model without a fast state.
        public var lowChange: Double?
        /// The stated confidence against being right.
        public var calibration = Calibration()
        /// The updates within the step.
        public var updates: [Update]

        /// A sum as a mean over the puzzles.
        public func mean(_ sum: Double) -> Double { sum / Double(max(1, count)) }

        /// Mean stated confidence.
        public var meanConfidence: Double {
            mean(calibration.bins.reduce(0) { $0 + $1.confidence })
        }
    }

    /// One update within a step.
    public struct Update: Sendable, Equatable {
        /// Which state is replaced.
        public var loop: ThinkingTrace.Loop
        /// Σ relative change of that state.
        public var change: Double
    }

    /// The puzzles of one difficulty.
    public struct DifficultyTally: Sendable, Equatable {
        /// Puzzles.
        public var count = 0
        /// Puzzles whose answer is right after the last step.
        public var solved = 0
        /// Puzzles that the halting rule ended at each step.
        public var halted: [Int]

        /// Puzzles that the rule never ended.
        public var unhalted: Int { count - halted.reduce(0, +) }

        /// Σ steps until the rule ends a puzzle; all steps where it does not.
        public var stepTotal: Int {
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

    /// Neighbouring difficulties together.
    public struct DifficultyBand: Sendable, Equatable {
        /// The numbers that belong to it.
        public var range: ClosedRange<Int>
        /// Their puzzles.
        public var tally: DifficultyTally
    }
}

extension ThinkingSurvey.Report {
    /// The difficulties in bands of about equally many puzzles, the easiest first.
    ///
    /// - Parameter most: Bands at most, at least 1.
    /// - Returns: Bands without gaps between their puzzles; none is empty.
    public func bands(atMost most: Int = 8) -> [ThinkingSurvey.DifficultyBand] {
        precondition(most >= 1, "\(most) bands")
        var bands: [ThinkingSurvey.DifficultyBand] = []
        // Which of the wanted bands each band is.
        var places: [Int] = []
        var before = 0
        for (number, tally) in difficulties.sorted(by: { $0.key < $1.key }) {
            // The band in which the middle of these puzzles lies, were all of them in a row.
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

    mutating func addUpdates(_ updates: [UpdateRecorder.Update], of slots: Set<Int>, step: Int) {
        for update in updates where slots.contains(update.slot) {
            steps[step - 1].updates[update.application].change += update.change
        }
    }
}

extension ThinkingSurvey.Step {
    mutating func add(
        _ reading: ThinkingTrace.Reading, loss: SequenceLoss, labels: ArraySlice<Int32>,
        segment: UpdateRecorder.Segment
    ) {
        count += 1
        accuracy += Double(loss.correctCount) / Double(loss.labelCount)
        solved += loss.isExact ? 1 : 0
        changed += reading.changed.count
        let open = zip(reading.entropy, labels).filter { $1 != TokenLoss.ignoredLabel }
        entropy += open.reduce(0) { $0 + $1.0 } / Double(open.count)
        highChange += segment.highChange
        if let change = segment.lowChange { lowChange = (lowChange ?? 0) + change }
        calibration.add(confidence: reading.confidence, isRight: loss.isExact)
    }
}
