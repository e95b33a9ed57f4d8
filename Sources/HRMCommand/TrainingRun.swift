import ArgumentParser
import Foundation
import HRMFigures
import HRMModel
import HRMTensor
import HRMTraining

/// A training session that is watched on the terminal and can be ended by Ctrl-C.
struct TrainingRun {
    let session: TrainingSession
    let limits: TrainingSession.Limits
    /// The run folder to be.
    let folder: URL
    /// The folder as the user wrote it.
    let name: String

    /// Two lines about what will be done, and with what.
    func introduction(workers: Workers) -> String {
        let model = session.model
        let architecture = model.configuration
        let threads = workers.count == 1 ? "1 worker" : "\(workers.count) workers"
        var length = "\(NumberText.grouped(session.totalSteps)) steps"
        if let duration = limits.duration {
            length += " or \(NumberText.duration(seconds: duration.seconds))"
        }
        return """
            Model: \(NumberText.grouped(model.layout.parameterCount)) parameters, width \
            \(architecture.hiddenSize), \(architecture.highLayers) + \(architecture.lowLayers) \
            layers, \(architecture.forwardPrecision.rawValue)
            Training: \(length) of \(session.configuration.globalBatchSize) puzzles, \(threads), \
            \(KernelPath.active) kernels, seed \(session.configuration.seed)
            """
    }

    /// Trains, and shows how it goes.
    ///
    /// A folder is left only when at least one step was made.
    ///
    /// - Parameter announce: Called when all is ready.
    /// - Returns: The last evaluation's reports.
    /// - Throws: What keeps the run from being made.
    func start(announce: () throws -> Void) throws -> [Evaluator.Report] {
        let run = try RunFolder.create(at: folder)
        StopSignal.listen()
        var progress = ProgressDisplay()
        var recent = RecentMetrics(batchSize: session.configuration.globalBatchSize)
        var stepsMade = 0
        defer { progress.clear() }
        do {
            try announce()
            return try session.run(in: run, shouldStop: { StopSignal.current != nil }) { event in
                switch event {
                case .step(let result):
                    stepsMade = result.step
                    recent.add(result.metrics)
                    progress.show(isEnd: result.step == session.totalSteps) {
                        bar(step: result.step, recent: recent, elapsed: $0)
                    }
                case .evaluation(let step, let reports):
                    for report in reports {
                        progress.tell(
                            "step \(NumberText.grouped(step)), \(report.setName): "
                                + EvaluationText.line(of: report))
                    }
                }
            }
        } catch {
            if stepsMade == 0 { try? FileManager.default.removeItem(at: folder) }
            throw error
        }
    }

    /// Says where the results are, and ends with the signal's status if one came.
    func finish() throws {
        guard let signal = StopSignal.current else {
            Console.tell("The run is finished; its weights are in \(name)")
            return
        }
        Console.tell(
            "\(StopSignal.name(of: signal)): the run was ended after a step; its weights are saved "
                + "in \(name)")
        throw ExitCode(StopSignal.exitStatus(of: signal))
    }

    private func bar(step: Int, recent: RecentMetrics, elapsed: Double) -> ProgressBar {
        var fraction = Double(step) / Double(session.totalSteps)
        if let duration = limits.duration { fraction = max(fraction, elapsed / duration.seconds) }
        return ProgressBar(
            fraction: fraction, step: step, rate: Double(step) / elapsed,
            losses: [.init("loss", recent.tokenLoss), .init("q", recent.qLoss)],
            exactAccuracy: recent.exactAccuracy,
            secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: fraction))
    }
}
