import ArgumentParser
import Foundation
import HRMFigures
import HRMModel
import HRMTensor
import HRMTraining

/// A training session that is watched on the terminal and can be ended by Ctrl-C.
struct TrainingRun {
    /// Where the run is written.
    enum Place {
        /// A folder to be.
        case new(URL)
        /// The folder of a run that goes on.
        case existing(RunFolder)
    }

    let session: TrainingSession
    let limits: TrainingSession.Limits
    let place: Place
    /// The folder as the user wrote it.
    let name: String
    var checkpoints = CheckpointPolicy()
    /// Draws a puzzle of each evaluation.
    var sample: SampleBoard?

    /// Two lines about what will be done, and with what.
    var introduction: String {
        let model = session.model
        let architecture = model.configuration
        let count = session.workers.count
        let threads = count == 1 ? "1 worker" : "\(count) workers"
        var length = "\(NumberText.grouped(session.totalSteps)) steps"
        if let duration = limits.duration {
            length += " or \(NumberText.duration(seconds: duration.seconds))"
        }
        return """
            Model: \(NumberText.grouped(model.layout.parameterCount)) parameters, width \
            \(architecture.hiddenSize), \(layers(of: architecture)), \
            \(architecture.forwardPrecision.rawValue)
            Training: \(length) of \(session.configuration.globalBatchSize) puzzles, \(threads), \
            \(KernelPath.active) kernels, seed \(session.configuration.seed)
            """
    }

    private func layers(of architecture: HRMConfiguration) -> String {
        switch architecture.family {
        case .hierarchical: "\(architecture.highLayers) + \(architecture.lowLayers) layers"
        case .tiny: "\(architecture.lowLayers) layers in both roles"
        case .transformer: "\(architecture.highLayers) layers, run once a step"
        }
    }

    /// Trains, and shows how it goes.
    ///
    /// A new folder is left only when at least one step was made.
    ///
    /// - Parameter announce: Called when all is ready.
    /// - Returns: How the run ended.
    /// - Throws: What keeps the run from being made.
    func start(announce: () throws -> Void) throws -> TrainingSession.Outcome {
        let folder: RunFolder
        switch place {
        case .new(let url): folder = try RunFolder.create(at: url)
        case .existing(let existing): folder = existing
        }
        StopSignal.listen()
        var progress = ProgressDisplay()
        var recent = RecentMetrics(batchSize: session.configuration.globalBatchSize)
        var first: Int?
        var evaluation = (step: 0, start: 0.0)
        defer { progress.clear() }
        do {
            try announce()
            return try session.run(
                in: folder, checkpoints: checkpoints,
                drawSample: sample.map { board in { board.picture(of: $0, step: $1) } },
                shouldStop: { StopSignal.current != nil }
            ) { event in
                if case .step(let result) = event {
                    let before = first ?? result.step - 1
                    first = before
                    recent.add(result.metrics, sequences: result.outcomes.count)
                    progress.show(isEnd: result.step == session.totalSteps) {
                        bar(step: result.step, before: before, recent: recent, elapsed: $0)
                    }
                }
                if case .evaluating(let step, let share) = event {
                    if evaluation.step != step { evaluation = (step, progress.elapsed) }
                    progress.show { elapsed in
                        ProgressBar(
                            fraction: share, activity: "evaluation", step: step,
                            secondsLeft: ProgressBar.secondsLeft(
                                elapsed: elapsed - evaluation.start, fraction: share))
                    }
                }
                for line in lines(about: event) { progress.tell(line) }
            }
        } catch {
            progress.clear()
            if case .new(let url) = place, first == nil {
                try? FileManager.default.removeItem(at: url)
            } else if !name.isEmpty {
                Console.tell(
                    "The run has failed; when that is mended, go on from its last checkpoint with: "
                        + "hrm train --resume \(name)")
            }
            throw error
        }
    }

    /// What is said of an event in lines of its own.
    private func lines(about event: TrainingSession.Event) -> [String] {
        switch event {
        case .step, .evaluating, .checkpoint: return []
        case .evaluation(let evaluation):
            func lines(_ reports: [Evaluator.Report], of model: String) -> [String] {
                reports.map {
                    "step \(NumberText.grouped(evaluation.step)), \($0.setName)\(model): "
                        + EvaluationText.line(of: $0)
                }
            }
            return lines(evaluation.reports, of: "")
                + lines(evaluation.averageReports, of: ", average")
        case .restored(let earlier, let step, let cause):
            return [
                "step \(NumberText.grouped(step)): \(cause); back to step "
                    + "\(NumberText.grouped(earlier)), with lower learning rates"
            ]
        }
    }

    /// Says where the results are and how to go on, and ends with the signal's status if one came.
    func finish(_ outcome: TrainingSession.Outcome) throws {
        let further = "go on with: hrm train --resume \(name)"
        switch outcome.end {
        case .finished: Console.tell("The run is finished; its weights are in \(name)")
        case .saturated(let accuracy):
            Console.tell(
                "The training puzzles are known (\(NumberText.percent(accuracy)) solved): the run "
                    + "is finished; its weights are in \(name)")
        case .outOfTime:
            Console.tell(
                "The time is over after step \(NumberText.grouped(outcome.step)); the weights are "
                    + "in \(name); \(further)")
        case .interrupted:
            let signal = StopSignal.current.map { StopSignal.name(of: $0) + ": " } ?? ""
            Console.tell(
                "\(signal)the run was ended after a step; its weights are saved in \(name); "
                    + further)
        }
        if let signal = StopSignal.current { throw ExitCode(StopSignal.exitStatus(of: signal)) }
    }

    /// The bar after a step; the steps `before` this session's first count for nothing in it.
    private func bar(
        step: Int, before: Int, recent: RecentMetrics, elapsed: Double
    ) -> ProgressBar {
        let made = Double(step - before)
        var fraction = made / Double(max(1, session.totalSteps - before))
        if let duration = limits.duration { fraction = max(fraction, elapsed / duration.seconds) }
        return ProgressBar(
            fraction: fraction, step: step, rate: made / elapsed,
            losses: [.init("loss", recent.tokenLoss), .init("q", recent.qLoss)],
            exactAccuracy: recent.exactAccuracy,
            secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: fraction))
    }
}
