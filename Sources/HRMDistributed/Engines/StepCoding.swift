package import HRMEngine
package import HRMModel

extension MessageWriter {
    /// Appends the results of a sequence.
    package mutating func add(_ outcome: SequenceOutcome) {
        add(outcome.row)
        add(outcome.loss.labelCount)
        add(outcome.loss.correctCount)
        for value in [
            outcome.loss.tokenLoss, outcome.loss.qHaltLoss, outcome.loss.qContinueLoss,
            outcome.loss.qHaltWeight,
        ] { add(value) }
        add(outcome.qHalt)
        add(outcome.qContinue)
        add(outcome.targetQContinue)
        add(outcome.next != nil)
        if let next = outcome.next {
            add(next.qHalt)
            add(next.qContinue)
        }
        add(outcome.steps)
        add(outcome.hasHalted)
    }

    /// Appends the description of a step.
    package mutating func add(_ step: TrainingStep) {
        add(step.slots.lowerBound)
        add(step.slots.count)
        add(step.learningSlots)
        add(step.minimumSteps)
        add(step.maxSteps)
        add(step.scale)
        add(step.keepsGradients)
        add(step.schedule != nil)
        if let schedule = step.schedule {
            add(schedule.gradientApplications)
            add(schedule.applications.map(\.stack))
            add(schedule.applications.map { Self.updates.firstIndex(of: $0.updates) ?? 0 })
        }
        add(step.update != nil)
        if let update = step.update {
            add(update.number)
            add(update.learningRate)
            add(update.puzzleLearningRate)
            add(update.muonLearningRate)
            add(update.averageRate)
        }
    }

    fileprivate static let updates: [ModuleApplication.Update] = [.low, .high, .direct]

    /// Appends the puzzles of some slots of a carry.
    mutating func add(_ slots: [Int], of carry: Carry) {
        add(slots)
        for slot in slots {
            add(carry.current.inputs[carry.cells(of: slot)])
            add(carry.current.labels[carry.cells(of: slot)])
            add(Int(carry.current.puzzleIdentifiers[slot]))
            add(carry.steps[slot])
        }
    }
}

extension MessageReader {
    /// Reads the results of a sequence.
    package mutating func outcome() throws(Problem) -> SequenceOutcome {
        let row = try integer()
        var loss = SequenceLoss(
            labelCount: try integer(), correctCount: try integer(), tokenLoss: try double(),
            qHaltLoss: try double(), qContinueLoss: try double())
        loss.qHaltWeight = try double()
        let (qHalt, qContinue) = (try float(), try float())
        let target = try optionalDouble()
        let next =
            try flag()
            ? SequenceOutcome.Next(qHalt: try float(), qContinue: try float()) : nil
        return SequenceOutcome(
            row: row, loss: loss, qHalt: qHalt, qContinue: qContinue, targetQContinue: target,
            next: next, steps: try integer(), hasHalted: try flag())
    }

    /// Reads the description of a step.
    ///
    /// - Parameter slotCount: The number of slots of the engine.
    /// - Returns: The description.
    /// - Throws: ``Problem``.
    package mutating func step(slotCount: Int) throws(Problem) -> TrainingStep {
        let first = try integer(in: 0...slotCount)
        let count = try integer(in: 1...max(1, slotCount - first))
        let learning = try integer(in: 1...count)
        let minimum = try integers()
        guard minimum.count == count else {
            throw Problem(reason: "\(minimum.count) minimum steps of \(count) slots")
        }
        let (maxSteps, scale, keeps) = (try integer(), try double(), try flag())
        let schedule = try flag() ? try self.schedule() : nil
        var update: TrainingStep.Update?
        if try flag() {
            update = TrainingStep.Update(
                number: try integer(in: 1...Int.max), learningRate: try double(),
                puzzleLearningRate: try double(), muonLearningRate: try optionalDouble(),
                averageRate: try optionalDouble())
        }
        return TrainingStep(
            slots: first..<(first + count), learningSlots: learning, minimumSteps: minimum,
            maxSteps: maxSteps, schedule: schedule, scale: scale, update: update,
            keepsGradients: keeps)
    }

    private mutating func schedule() throws(Problem) -> SegmentSchedule {
        let gradient = try integer()
        let (stacks, updates) = (try integers(), try integers())
        guard stacks.count == updates.count, gradient >= 1, gradient <= stacks.count,
            updates.allSatisfy(MessageWriter.updates.indices.contains),
            stacks.allSatisfy((0...1).contains)
        else { throw Problem(reason: "a schedule of \(stacks) and \(updates)") }
        return SegmentSchedule(
            applications: zip(stacks, updates).map {
                ModuleApplication(stack: $0, updates: MessageWriter.updates[$1])
            }, gradientApplications: gradient)
    }

    /// Reads the puzzles of some slots into a carry, and returns the slots.
    mutating func puzzles(into carry: inout Carry) throws(Problem) -> [Int] {
        let slots = try integers()
        for slot in slots {
            guard (0..<carry.slotCount).contains(slot) else {
                throw Problem(reason: "slot \(slot) of \(carry.slotCount)")
            }
            let puzzle = TokenBatch(
                inputs: try tokens(), labels: try tokens(),
                puzzleIdentifiers: [Int32(truncatingIfNeeded: try integer())])
            if let fault = puzzle.fault(
                size: 1, dimensions: carry.dimensions, candidateSymbols: carry.candidateSymbols)
            {
                throw Problem(reason: fault)
            }
            carry.begin(
                slot, inputs: puzzle.inputs, labels: puzzle.labels,
                identifier: puzzle.puzzleIdentifiers[0])
            carry.setSteps(try integer(in: 0...Int.max), of: slot)
        }
        return slots
    }
}
