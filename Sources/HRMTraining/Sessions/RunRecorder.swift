import Foundation
import HRMFiles

/// Writes down what happens in a run: as JSON lines, and as TensorBoard events with a picture of a
/// puzzle at each evaluation.
///
/// The JSON lines depend on the run alone; the events have the time in them.
struct RunRecorder {
    private let folder: RunFolder
    private let log: MetricsLog
    private var events: EventFile
    private let drawSample: SampleDrawing?

    /// Cuts the metrics back to what a checkpoint knows, and begins an event file for what follows.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - progress: How long the metrics were at the checkpoint; empty for a new run.
    ///   - step: Steps made by then.
    ///   - drawSample: Draws a puzzle of an evaluation; nil leaves pictures out.
    /// - Throws: ``FileError`` or ``EventFileError``.
    init(
        _ folder: RunFolder, after progress: SessionProgress, step: Int,
        drawSample: SampleDrawing?
    ) throws {
        self.folder = folder
        log = try MetricsLog(
            reopening: folder.metricsURL, truncatedTo: progress.metricsByteCount)
        events = try EventFile(creating: folder.nextEventFile, firstStep: step + 1)
        self.drawSample = drawSample
    }

    /// Begins another event file after the run has gone back to an earlier step.
    ///
    /// - Parameter step: Steps made, of which the last is the one that the run went back to.
    /// - Throws: ``EventFileError``.
    mutating func goBack(to step: Int) throws(EventFileError) {
        events = try EventFile(creating: folder.nextEventFile, firstStep: step + 1)
    }

    /// Whether what is written can be found under the run's name.
    var isReachable: Bool { log.hasItsName }

    /// Adds a record to both files.
    ///
    /// - Parameters:
    ///   - record: Names and values.
    ///   - step: The step that the events have.
    /// - Throws: ``FileError`` or ``EventFileError``.
    mutating func append(_ record: SessionRecord.Record, step: Int) throws {
        try log.append(record)
        try events.append(record, step: step, at: Date())
    }

    /// Adds what an evaluation came to, with a picture of its sample.
    ///
    /// - Parameter result: The evaluation.
    /// - Throws: ``FileError`` or ``EventFileError``.
    mutating func append(_ result: SessionEvaluation.Result) throws {
        let step = result.evaluation.step
        try append(SessionRecord.of(result.evaluation), step: step)
        guard let sample = result.sample, let picture = drawSample?(sample, step) else { return }
        try events.append(picture, tag: "\(sample.setName).sample", step: step, at: Date())
    }

    /// Waits until everything is on the disk, and notes how long the metrics are.
    ///
    /// A checkpoint must not know of a line that a power failure can still take away.
    ///
    /// - Parameter progress: Is told the length of the metrics.
    /// - Throws: ``FileError`` or ``EventFileError``.
    func synchronize(_ progress: inout SessionProgress) throws {
        try log.synchronize()
        try events.synchronize()
        progress.metricsByteCount = try log.byteCount()
    }
}
