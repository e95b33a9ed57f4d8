import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor

/// A running session: the model in training, its output files and its progress.
///
/// The order of operations is fixed, so that a run killed at any moment is resumed from its last
/// checkpoint with the same result: a step; its evaluation, if due; a checkpoint, which stores the
/// current length of the metrics. If a checkpoint is due, or the evaluation is the last one, which
/// may take long, another checkpoint precedes the evaluation and marks it as pending.
struct SessionLoop {
    private let session: TrainingSession
    private let folder: RunFolder
    private let policy: CheckpointPolicy
    private let checkpoints: CheckpointFolder
    private let evaluation: SessionEvaluation?
    private var recorder: RunRecorder
    private let clock = ContinuousClock()

    private var description: RunDescription
    private var trainer: Trainer
    private var batches: TrainingBatches<SeededGenerator>
    private var progress = SessionProgress()
    private var saved: Saved?
    private var saveTime: ContinuousClock.Instant

    /// The folder's content before this session, restored if the session fails before its first
    /// step.
    private let earlier: (description: RunDescription, configuration: TrainingConfiguration)?
    /// The number of steps completed before the session.
    let stepsBefore: Int
    /// The checkpoints that were passed over, from the newest on.
    private(set) var unusable: [CheckpointFolder.Unusable] = []
    private var hasMadeSteps = false

    /// The position of the newest checkpoint.
    private struct Saved: Equatable {
        var step: Int
        var awaitsEvaluation: Bool
    }

    private var configuration: TrainingConfiguration { session.configuration }

    /// Prepares a run folder, or returns to its newest checkpoint.
    init(
        _ session: TrainingSession, folder: RunFolder, policy: CheckpointPolicy,
        drawSample: SampleDrawing?
    ) throws {
        try folder.requireWritable()
        self.session = session
        self.folder = folder
        self.policy = policy
        checkpoints = CheckpointFolder(url: folder.checkpointsURL)
        let trainer = try session.makeTrainer()
        self.trainer = trainer
        evaluation = try session.test.map { try SessionEvaluation(of: $0, session) }
        batches = try session.makeBatches()
        description = RunDescription(
            packageVersion: Package.version, seed: session.configuration.seed,
            workers: session.totalWorkers, kernelPath: KernelPath.active.name,
            dataPath: session.configuration.dataPath, dimensions: session.model.dimensions,
            dataFingerprint: session.training.fingerprint, totalSteps: session.totalSteps,
            puzzlesPerEvaluation: session.limits.puzzlesPerEvaluation)
        description.startingWeights = session.startingWeights
        description.engine = session.engineName
        saveTime = clock.now
        for url in [folder.url, checkpoints.url] { AtomicFile.removeRemains(in: url) }
        // A session killed before its first checkpoint starts again.
        if session.isResumed, let (checkpoint, newer) = try checkpoints.newest() {
            unusable = newer
            try checkpoint.restore(&self.trainer)
            progress = checkpoint.progress
            saved = Saved(
                step: checkpoint.step, awaitsEvaluation: progress.awaitsEvaluation)
            batches = try session.makeBatches(resuming: try checkpoint.batches())
        }
        stepsBefore = self.trainer.step
        earlier =
            session.isResumed
            ? (try folder.description(), try folder.configuration()) : nil
        recorder = try RunRecorder(
            folder, after: progress, step: self.trainer.step, drawSample: drawSample)
        do {
            try folder.write(session.configuration)
            try folder.write(description)
            // If only the blank identifier exists, the puzzles have no names.
            if let names = session.training.identifiers, names.count > 1 {
                try folder.write(identifiers: names)
            }
        } catch {
            noteFailure(error)
            throw error
        }
    }

    /// Trains to the end.
    mutating func run(
        shouldStop: () -> Bool, report: (TrainingSession.Event) -> Void
    ) throws -> TrainingSession.Outcome {
        do {
            return try train(shouldStop: shouldStop, report: report)
        } catch {
            guard recorder.isReachable else { throw RunFolderError.gone(path: folder.url.path) }
            noteFailure(error)
            throw error
        }
    }

    private mutating func train(
        shouldStop: () -> Bool, report: (TrainingSession.Event) -> Void
    ) throws -> TrainingSession.Outcome {
        let deadline = session.limits.duration.map { clock.now + $0 }
        var last: TrainingSession.Evaluation?
        while true {
            if progress.awaitsEvaluation {
                if end != nil || isCheckpointDue { try save(report: report) }
                last = try evaluate(shouldStop: shouldStop, report: report)
                // An interrupted evaluation does not represent the whole split.
                guard last != nil else {
                    try save(report: report)
                    return try leave(.interrupted)
                }
                if let last, let collapse = collapse(in: last) {
                    try recover(from: collapse, report: report)
                    continue
                }
            }
            if let end = end {
                try save(report: report)
                return try leave(end, evaluation: last)
            }
            // A session makes at least one step, even if the time is over.
            let isLate = hasMadeSteps && deadline.map { clock.now >= $0 } ?? false
            let isStopped = shouldStop()
            if isLate || isStopped || isCheckpointDue { try save(report: report) }
            if isStopped { return try leave(.interrupted) }
            if isLate {
                return try leave(
                    .outOfTime,
                    evaluation: try lastEvaluation(shouldStop: shouldStop, report: report))
            }
            try step(report: report)
        }
    }

    /// The reason to stop; nil if there are further steps.
    private var end: TrainingSession.Outcome.End? {
        if trainer.step >= session.totalSteps { return .finished }
        let level = configuration.guards.earlyStopAccuracy
        guard let level, progress.saturation.hasReached(level) else { return nil }
        return .saturated(accuracy: progress.saturation.accuracy)
    }

    /// Returns the augmented batch of the next step and the permutation of the states before it.
    ///
    /// Random numbers come from a stream specific to the step, so that a resumed run uses the same
    /// ones.
    private func images(
        of batch: PuzzleBatch
    ) -> (batch: PuzzleBatch, rearranging: ((Carry) -> [Trainer.Rearrangement])?) {
        guard configuration.augmentation != .never, let task = session.training.task else {
            return (batch, nil)
        }
        var generator = SeededGenerator(
            seed: configuration.seed, stream: RandomStream.augmentation(step: trainer.step + 1))
        let image = batch.augmented(for: task, using: &generator)
        guard configuration.augmentation == .segment else { return (image, nil) }
        let rest = generator
        return (
            image,
            { open in
                var generator = rest
                return open.halted.indices.filter { !open.halted[$0] }.map { slot in
                    let puzzle = Array(open.current.inputs[open.cells(of: slot)])
                    return (slot, task.symmetry(of: puzzle, using: &generator).sources)
                }
            }
        )
    }

    private mutating func step(report: (TrainingSession.Event) -> Void) throws {
        guard let (batch, rearranging) = batches.next().map(images),
            let result = trainer.advance(with: TokenBatch(batch), rearranging: rearranging)
        else { preconditionFailure("step \(trainer.step) of \(session.totalSteps)") }
        hasMadeSteps = true
        if let cause = result.divergence { return try recover(from: cause, report: report) }
        progress.saturation.add(
            solved: result.metrics.exactCount, of: result.metrics.count)
        try recorder.append(SessionRecord.of(result), step: result.step)
        guard recorder.isReachable else { throw RunFolderError.gone(path: folder.url.path) }
        report(.step(result))
        let isDue =
            session.stepsPerEvaluation.map { trainer.step.isMultiple(of: $0) } ?? false
        progress.awaitsEvaluation = evaluation != nil && (isDue || end != nil)
    }
}

// MARK: - Evaluation

extension SessionLoop {
    /// Runs the evaluation due after the last step; returns nil if it was interrupted.
    private mutating func evaluate(
        shouldStop: () -> Bool, report: (TrainingSession.Event) -> Void
    ) throws -> TrainingSession.Evaluation? {
        let limits = session.limits
        let limit = end == nil ? limits.puzzlesPerEvaluation : limits.puzzlesAtEnd
        guard let result = try evaluate(limit: limit, shouldStop: shouldStop, report: report)
        else { return nil }
        progress.awaitsEvaluation = false
        try recorder.append(result)
        report(.evaluation(result.evaluation))
        let total = Evaluator.Report.total(of: result.evaluation.best, named: "").metrics
        let value = configuration.watchedMetric.value(in: total)
        let best = progress.best?.value ?? .nan
        if configuration.watchedMetric.isBetter(value, than: best) {
            progress.best = .init(
                step: trainer.step, value: value, solved: total.exactCount,
                count: total.count)
            try write(try modelFile(average: true), to: folder.bestURL)
            try save(report: report)
        } else if configuration.checkpointsEveryEvaluation {
            try save(report: report)
        }
        return result.evaluation
    }

    /// Evaluates an unfinished run; the result is not part of the run if it is resumed.
    private mutating func lastEvaluation(
        shouldStop: () -> Bool, report: (TrainingSession.Event) -> Void
    ) throws -> TrainingSession.Evaluation? {
        guard
            let result = try evaluate(
                limit: session.limits.puzzlesAtEnd, shouldStop: shouldStop, report: report)
        else { return nil }
        try recorder.append(result)
        report(.evaluation(result.evaluation))
        return result.evaluation
    }

    private func evaluate(
        limit: Int?, shouldStop: () -> Bool, report: (TrainingSession.Event) -> Void
    ) throws(EvaluationError) -> SessionEvaluation.Result? {
        try evaluation?.run(
            after: trainer, limit: limit, shouldStop: shouldStop,
            progress: { report(.evaluating(step: trainer.step, share: $0)) })
    }

    private func collapse(in result: TrainingSession.Evaluation) -> Divergence? {
        guard let best = progress.best else { return nil }
        let total = Evaluator.Report.total(of: result.best, named: "").metrics
        guard
            configuration.guards.isCollapse(
                solved: total.exactCount, of: total.count,
                best: (solved: best.solved, count: best.count))
        else { return nil }
        return .collapse(
            accuracy: total.exactAccuracy,
            best: Double(best.solved) / Double(max(1, best.count)))
    }
}

// MARK: - Files

extension SessionLoop {
    private var moment: Saved {
        Saved(step: trainer.step, awaitsEvaluation: progress.awaitsEvaluation)
    }

    /// Writes a model; hard links to the earlier file in copies of the run keep its content.
    private func write(_ file: ModelFile, to url: URL) throws {
        let stream = try file.stream()
        try CheckpointError.wrapping { () throws(SafetensorsError) in
            try stream.write(to: url, otherNames: .keepContent)
        }
    }

    private var isCheckpointDue: Bool {
        guard moment != saved, trainer.step > 0 else { return false }
        return policy.isDue(after: trainer.step)
            || (policy.time.map { clock.now - saveTime >= $0 } ?? false)
    }

    private func modelFile(average: Bool) throws(ConfigurationFileError) -> ModelFile {
        let average = average && configuration.averagesWeights
        let model =
            average ? evaluation?.averageModel ?? session.blankModel() : session.model
        trainer.engine.copyWeights(average: average, to: model, workers: session.workers)
        return try ModelFile(
            model: model, task: session.training.task, configuration: configuration)
    }

    /// Writes a checkpoint and the models of the last step.
    private mutating func save(report: (TrainingSession.Event) -> Void) throws {
        // Initial weights are not a result worth saving.
        guard moment != saved, trainer.step > 0 else { return }
        // Writing would create the folder again, with only a checkpoint in it.
        guard recorder.isReachable else { throw RunFolderError.gone(path: folder.url.path) }
        try recorder.synchronize(&progress)
        try checkpoints.create()
        try TrainingCheckpoint.write(
            to: checkpoints.file(step: trainer.step), model: try modelFile(average: false),
            trainer: trainer, batches: batches, progress: progress)
        // Files of later steps do not belong to the run, so they do not count as newer checkpoints.
        checkpoints.remove(
            policy.dispensable(
                of: checkpoints.steps().filter { $0 <= trainer.step }, best: progress.best?.step))
        try write(try modelFile(average: false), to: folder.checkpointURL)
        if configuration.averagesWeights {
            try write(try modelFile(average: true), to: folder.averageURL)
        }
        let isNews = saved?.step != trainer.step
        saved = moment
        saveTime = clock.now
        if isNews { report(.checkpoint(step: trainer.step)) }
    }

    /// Records that the session failed, as far as possible: the failure may be that files cannot be
    /// written.
    private func noteFailure(_ error: any Error) {
        guard description.state == .running else { return }
        if !hasMadeSteps, let earlier {
            try? folder.write(earlier.configuration)
            try? folder.write(earlier.description)
            return
        }
        var failed = description
        failed.state = .interrupted
        failed.reason = "step \(trainer.step): \(error)"
        try? folder.write(failed)
    }

    /// Records the end of the session.
    private mutating func leave(
        _ end: TrainingSession.Outcome.End, evaluation: TrainingSession.Evaluation? = nil
    ) throws -> TrainingSession.Outcome {
        switch end {
        case .finished: description.state = .finished
        case .saturated(let accuracy):
            description.state = .finished
            description.reason = "training accuracy reached \(accuracy)"
        case .interrupted, .outOfTime: description.state = .interrupted
        }
        try folder.write(description)
        return TrainingSession.Outcome(end: end, step: trainer.step, evaluation: evaluation)
    }

    /// Returns to the best checkpoint with lower learning rates, or stops.
    private mutating func recover(
        from cause: Divergence, report: (TrainingSession.Event) -> Void
    ) throws {
        let step = trainer.step
        let guards = configuration.guards
        guard guards.action == .restore, progress.restores < guards.restoreLimit,
            let best = progress.best?.step, checkpoints.steps().contains(best)
        else {
            description.state = .diverged
            description.reason = "step \(step): \(cause)"
            try folder.write(description)
            throw TrainingSessionError.diverged(
                step: step, cause: cause, checkpoint: checkpoints.steps().last)
        }
        let restores = progress.restores + 1
        let checkpoint = try checkpoints.checkpoint(of: best)
        try checkpoint.restore(&trainer)
        batches = try session.makeBatches(resuming: try checkpoint.batches())
        progress = checkpoint.progress
        progress.restores = restores
        trainer.learningRateFactor *= guards.restoreFactor
        try recorder.goBack(to: best)
        // Recorded in the events beside the next step: records after that step are obsolete.
        try recorder.append(
            [
                ("step", .integer(step)), ("guard/restored_step", .integer(best)),
                ("guard/lr_factor", .double(trainer.learningRateFactor)),
            ], step: best + 1)
        // Later checkpoints would be the newest ones, but belong to the diverged part of the run.
        checkpoints.remove(checkpoints.steps().filter { $0 > best })
        saved = nil
        try save(report: report)
        report(.restored(to: best, from: step, cause: cause))
    }
}
