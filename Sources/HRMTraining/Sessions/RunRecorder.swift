import Foundation

/// Writes down what happens in a run: as JSON lines, and as TensorBoard events with a picture of a
/// puzzle at each evaluation.
///
/// The JSON lines depend on the run alone; the events have the time in them.
struct RunRecorder {
    private let log: MetricsLog
    private var events: EventFile
    private let drawSample: SampleDrawing?

    /// Opens the files of a run folder and cuts them back to what a checkpoint knows.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - progress: How long the files were at the checkpoint; empty for a new run.
    ///   - drawSample: Draws a puzzle of an evaluation; nil leaves pictures out.
    /// - Throws: ``FileError`` or ``EventFileError``.
    init(_ folder: RunFolder, after progress: SessionProgress, drawSample: SampleDrawing?) throws {
        log = try MetricsLog(
            reopening: folder.metricsURL, truncatedTo: progress.metricsByteCount)
        events = try EventFile(
            appendingTo: folder.eventsURL, truncatedTo: progress.eventsByteCount)
        self.drawSample = drawSample
    }

    /// Adds a record to both files.
    ///
    /// - Parameters:
    ///   - record: Names and values.
    ///   - step: Steps made so far.
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

    /// Waits until everything is on the disk, and notes how much it is.
    ///
    /// A checkpoint must not know of a line that a power failure can still take away.
    ///
    /// - Parameter progress: Is told the lengths of the files.
    /// - Throws: ``FileError`` or ``EventFileError``.
    func synchronize(_ progress: inout SessionProgress) throws {
        try log.synchronize()
        try events.synchronize()
        progress.metricsByteCount = try log.byteCount()
        progress.eventsByteCount = events.byteCount
    }
}
