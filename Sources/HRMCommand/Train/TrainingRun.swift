import ArgumentParser
import Foundation
import HRMData
import HRMDistributed
import HRMEngine
import HRMFigures
import HRMFiles
import HRMModel
import HRMTensor
import HRMTraining

/// A training session with a terminal display that can be stopped with Ctrl-C.
struct TrainingRun {
    /// The location of the run.
    enum Place {
        /// A folder to create.
        case new(URL)
        /// The folder of a run to resume.
        case existing(RunFolder)
    }

    let session: TrainingSession
    let limits: TrainingSession.Limits
    let place: Place
    /// The folder as written by the user.
    let name: String
    var checkpoints = CheckpointPolicy()
    /// Draws a puzzle of each evaluation.
    var sample: SampleBoard?

    /// Two lines that describe the run.
    var introduction: String {
        let model = session.model
        let architecture = model.configuration
        var threads = session.workers.count.counted("worker")
        if session.processCount > 1 {
            threads = "\(session.processCount) ranks with \(threads) each"
        }
        let place = session.engineName ?? "\(threads), \(KernelPath.active) kernels"
        var length = session.totalSteps.grouped("step")
        if let duration = limits.duration {
            length += " or \(NumberText.duration(seconds: duration.seconds))"
        }
        return """
            Model: \(model.layout.parameterCount.grouped("parameter")), width \
            \(architecture.hiddenSize), \(layers(of: architecture)), \
            \(architecture.forwardPrecision.rawValue)
            Training: \(length) of \(session.configuration.globalBatchSize.counted("puzzle")), \(place), \
            seed \(session.configuration.seed)
            """
    }

    private func layers(of architecture: HRMConfiguration) -> String {
        switch architecture.family {
        case .hierarchical: "\(architecture.highLayers) + \(architecture.lowLayers) layers"
        case .tiny: "\(architecture.lowLayers.counted("layer")) in both roles"
        case .transformer: "\(architecture.highLayers.counted("layer")), run once a step"
        }
    }

    /// Trains and displays the progress.
    ///
    /// A new folder is kept only if at least one step was made, even if a signal ends the run.
    ///
    /// - Parameter announce: Called when the training is ready to start.
    /// - Returns: The outcome of the run.
    /// - Throws: The errors of the session.
    func start(announce: () throws -> Void) throws -> TrainingSession.Outcome {
        let folder: RunFolder
        switch place {
        case .new(let url): folder = try RunFolder.create(at: url)
        case .existing(let existing): folder = existing
        }
        StopSignal.listen()
        Console.outliveReaders()
        var display = TrainingDisplay(session, limits: limits)
        defer { display.clear() }
        do {
            try announce()
            let outcome = try session.run(
                in: folder, checkpoints: checkpoints,
                drawSample: sample.map { board in { board.picture(of: $0, step: $1) } },
                shouldStop: {
                    StopSignal.current != nil || wasStoppedElsewhere
                }
            ) {
                display.show($0)
            }
            if case .new(let url) = place, outcome.step == 0 {
                try? FileManager.default.removeItem(at: url)
            }
            return outcome
        } catch {
            display.clear()
            if case RunFolderError.gone = error { throw error }
            if case .new(let url) = place, !display.hasSteps {
                try? FileManager.default.removeItem(at: url)
            } else if name.isEmpty {
                throw error
            } else if case TrainingSessionError.diverged(_, _, checkpoint: nil) = error {
                Console.tell(
                    "\(name) holds the metrics of the run, but no weights to continue from")
            } else {
                Console.tell(
                    "The run has failed; after the repair, continue from its last checkpoint with: "
                        + "hrm train --resume \(name)")
            }
            throw error
        }
    }

    /// Prints the location of the results and the command to resume, and exits with the signal's
    /// status if there was one.
    func finish(_ outcome: TrainingSession.Outcome) throws {
        let further = "continue with: hrm train --resume \(name)"
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
            let signal =
                StopSignal.current.map { StopSignal.name(of: $0) + ": " }
                ?? (wasStoppedElsewhere ? "another rank was asked to stop: " : "")
            Console.tell(signal + interruption(after: outcome.step, further: further))
        }
        if session.processCount > 1, let text = ProcessJob.exchangeText { Console.tell(text) }
        let signal = StopSignal.current ?? (wasStoppedElsewhere ? SIGTERM : nil)
        if let signal { throw ExitCode(StopSignal.exitStatus(of: signal)) }
    }

    /// True if another process of the job received a signal.
    private var wasStoppedElsewhere: Bool {
        session.processCount > 1 && ProcessJob.cluster?.isStopRequested == true
    }

    /// Returns a clause about the results that a run ended by a signal leaves behind.
    private func interruption(after step: Int, further: String) -> String {
        guard step == 0 else {
            return "the run was ended after a step; its weights are saved in \(name); \(further)"
        }
        let end = "the run was ended before its first step"
        switch place {
        case .new: return "\(end); \(name) is not made"
        case .existing: return "\(end), so it has no weights yet; \(further)"
        }
    }
}
