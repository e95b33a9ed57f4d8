import Foundation
import HRMFiles
import HRMInference

/// Records a run as JSON lines and as TensorBoard events, with a picture of a puzzle at each
/// evaluation.
///
/// The JSON lines depend only on the run; the events also contain the time.
struct RunRecorder {
    private let folder: RunFolder
    private let log: MetricsLog
    private var events: EventFile
    private let drawSample: SampleDrawing?

    /// Truncates the metrics to the length stored in a checkpoint, and begins a new event file.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - progress: The progress at the checkpoint, with the length of the metrics; empty for a
    ///     new run.
    ///   - step: The number of completed steps.
    ///   - drawSample: Draws an evaluated puzzle; nil for no pictures.
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

    /// Begins a new event file after the run has returned to an earlier step.
    ///
    /// - Parameter step: The step that the run returned to.
    /// - Throws: ``EventFileError``.
    mutating func goBack(to step: Int) throws(EventFileError) {
        events = try EventFile(creating: folder.nextEventFile, firstStep: step + 1)
    }

    /// True if the run's path still refers to the open files.
    var isReachable: Bool { log.hasItsName }

    /// Appends a record to both files.
    ///
    /// - Parameters:
    ///   - record: Names and values.
    ///   - step: The step of the events.
    /// - Throws: ``FileError`` or ``EventFileError``.
    mutating func append(_ record: SessionRecord.Record, step: Int) throws {
        try log.append(record)
        try events.append(record, step: step, at: Date())
    }

    /// Appends the results of an evaluation, with a picture of its sample.
    ///
    /// - Parameter result: The evaluation.
    /// - Throws: ``FileError`` or ``EventFileError``.
    mutating func append(_ result: SessionEvaluation.Result) throws {
        let step = result.evaluation.step
        try append(SessionRecord.of(result.evaluation), step: step)
        guard let sample = result.sample, let picture = drawSample?(sample, step) else { return }
        try events.append(picture, tag: "\(sample.setName).sample", step: step, at: Date())
    }

    /// Synchronizes both files to disk, and stores the length of the metrics.
    ///
    /// A checkpoint must not refer to lines that a power failure could still erase.
    ///
    /// - Parameter progress: Updated with the length of the metrics.
    /// - Throws: ``FileError`` or ``EventFileError``.
    func synchronize(_ progress: inout SessionProgress) throws {
        try log.synchronize()
        try events.synchronize()
        progress.metricsByteCount = try log.byteCount()
    }
}
