public import Foundation
public import HRMData
public import HRMTensor

extension TrainingConfiguration {
    /// Creates the settings of a preset.
    ///
    /// - Parameter preset: The preset.
    public init(preset: Preset) { self = preset.configuration }
}

extension TrainingSession {
    /// Creates a session with a preset's settings.
    ///
    /// - Parameters:
    ///   - preset: The preset.
    ///   - training: The training split.
    ///   - test: The test split; nil to train without evaluation.
    ///   - steps: The number of steps; nil for the preset's epochs.
    ///   - workers: The worker threads.
    /// - Throws: The errors of ``init(configuration:training:test:limits:workers:)``.
    public init(
        preset: Preset, training: PuzzleDataset, test: PuzzleDataset? = nil, steps: Int? = nil,
        workers: Workers = .available
    ) throws {
        var configuration = TrainingConfiguration(preset: preset)
        configuration.takeBoard(of: training.task)
        try self.init(
            configuration: configuration, training: training, test: test,
            limits: Limits(steps: steps), workers: workers)
    }

    /// Trains to the end in a new run folder.
    ///
    /// - Parameters:
    ///   - url: The run folder to create; it must not exist.
    ///   - shouldStop: Called after every step; returns true to stop.
    ///   - report: Called with every event.
    /// - Returns: The outcome.
    /// - Throws: ``RunFolderError/alreadyExists(path:)``; the errors of
    ///   ``run(in:checkpoints:drawSample:shouldStop:report:)``.
    @discardableResult
    public func run(
        in url: URL, shouldStop: () -> Bool = { false }, report: (Event) -> Void
    ) throws -> Outcome {
        try run(in: RunFolder.create(at: url), shouldStop: shouldStop, report: report)
    }

    /// Trains to the end in a new run folder, without reports.
    ///
    /// - Parameter url: The run folder to create; it must not exist.
    /// - Returns: The outcome.
    /// - Throws: The errors of ``run(in:shouldStop:report:)``.
    @discardableResult
    public func run(in url: URL) throws -> Outcome { try run(in: url) { _ in } }
}
