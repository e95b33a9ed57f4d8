import Foundation
import HRMFigures
import HRMFiles
import HRMTensor
import HRMText
import HRMTraining

/// The content of `run.json` of a text model's training.
struct TextRunRecord: Codable {
    /// Always `text`, which tells the folder from that of a puzzle model.
    var kind = "text"
    var packageVersion: String
    var settings: TextTrainingSettings
    var dataPath: String
    var testPath: String?
    /// The SHA-256 of the training texts' file.
    var dataDigest: String
    var workers: Int
    var evaluationInterval: Int
    var checkpointInterval: Int
}

/// The training of a text model in a run folder.
///
/// The folder is also a model's folder, with the averaged weights of the last checkpoint, so that
/// `hrm generate --model` reads it. `metrics.jsonl` and the event files have the names of the other
/// trainings; `checkpoint.safetensors` is the state for resuming.
struct TextRun {
    let record: TextRunRecord
    let folder: RunFolder
    let tokenizer: Tokenizer
    let trainer: TextTrainer
    /// The examples of the evaluations.
    let test: [TextLesson]
    /// Called with each evaluation of the averaged weights.
    var report: (_ step: Int, TextExamination) throws -> Void = { _, _ in }

    private static let largestRecord = 1 << 20

    private static func url(_ name: String, in folder: URL) -> URL {
        folder.appendingPathComponent(name)
    }
    private static func recordURL(_ folder: URL) -> URL { url("run.json", in: folder) }
    private var checkpointURL: URL { Self.url("checkpoint.safetensors", in: folder.url) }
    static func tokenizerURL(_ folder: URL) -> URL { url("tokenizer.json", in: folder) }

    /// Reads the record of a run.
    static func record(of folder: URL) throws -> TextRunRecord {
        let url = recordURL(folder)
        let data = try InputFile.small(url, limit: largestRecord)
        do {
            let record = try JSONText.decode(TextRunRecord.self, from: Array(data))
            guard record.kind == "text", record.evaluationInterval >= 1,
                record.checkpointInterval >= 1,
                (1...RunDescription.mostWorkers).contains(record.workers)
            else {
                throw CommandError("\(url.path) has impossible values; train in a new folder")
            }
            return record
        } catch let error as JSONProblem {
            throw CommandError(
                "\(url.path) is not the record of a text training: \(error.explanation())")
        }
    }

    /// Writes the files that do not change.
    func begin() throws {
        try tokenizer.write(to: Self.tokenizerURL(folder.url))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
            try encoder.encode(record) + Data("\n".utf8), to: Self.recordURL(folder.url))
    }

    /// Trains until the end or a signal, and writes the model.
    ///
    /// - Returns: The last evaluation; nil without test examples, or if a signal ended the run.
    func run() throws -> TextExamination? {
        try folder.whileLocked {
            var length = 0
            if FileManager.default.fileExists(atPath: checkpointURL.path) {
                length = try TextCheckpoint.read(into: trainer, from: checkpointURL)
                guard !trainer.isFinished else {
                    throw CommandError.runIsFinished(name: folder.url.path, steps: trainer.step)
                }
                Console.tell("Going on after step \(NumberText.grouped(trainer.step))")
            }
            let log = try MetricsLog(reopening: folder.metricsURL, truncatedTo: length)
            var events = try EventFile(creating: folder.nextEventFile, firstStep: trainer.step + 1)
            func append(_ values: [(key: String, value: MetricValue)], _ step: Int) throws {
                try log.append([("step", .integer(step))] + values)
                try events.append(values, step: step, at: Date())
            }
            var progress = ProgressDisplay()
            defer { progress.clear() }
            var last: TextExamination?
            let first = trainer.step
            while !trainer.isFinished, StopSignal.current == nil {
                let result = try trainer.advance()
                guard result.loss.meanLoss.isFinite else {
                    throw CommandError(
                        "the loss of step \(result.step) is not a number; resume with a lower "
                            + "--lr in a new folder")
                }
                try append(Self.values(result), result.step)
                progress.show(isEnd: trainer.isFinished) { elapsed in
                    Self.bar(trainer, result, first: first, elapsed: elapsed)
                }
                let isLast = trainer.isFinished
                if !test.isEmpty, isLast || result.step % record.evaluationInterval == 0 {
                    progress.clear()
                    let examination = try examine()
                    try append(Self.values(examination), result.step)
                    try report(result.step, examination)
                    last = isLast ? examination : nil
                }
                if isLast || result.step % record.checkpointInterval == 0 {
                    try save(log)
                }
            }
            if StopSignal.current != nil { try save(log) }
            return last
        }
    }

    private func examine() throws -> TextExamination {
        try TextExamination.of(
            trainer.learner.model(averaged: true), on: test, pool: trainer.learner.pool)
    }

    /// Writes the model, then the state; a checkpoint must not refer to lines that a power failure
    /// could still erase.
    private func save(_ log: MetricsLog) throws {
        try log.synchronize()
        try trainer.learner.average.write(
            to: folder.url, configuration: trainer.learner.configuration,
            initialLow: trainer.learner.initialLow)
        try TextCheckpoint.write(trainer, note: try log.byteCount(), to: checkpointURL)
    }

    private typealias Values = [(key: String, value: MetricValue)]

    private static func values(_ result: TextTrainer.StepResult) -> Values {
        let loss = result.loss
        return [
            ("train/lm_loss", .double(loss.meanLoss)),
            ("train/accuracy", .double(share(loss.rightTokenCount, loss.tokenCount))),
            ("train/exact_accuracy", .double(share(loss.rightSampleCount, loss.sampleCount))),
            ("train/count", .integer(loss.sampleCount)), ("train/lr", .double(result.learningRate)),
            ("train/gradient_passes", .integer(result.gradientPasses)),
            ("train/flop", .double(result.operations)),
        ]
    }

    private static func values(_ examination: TextExamination) -> Values {
        [
            ("ema.all.lm_loss", .double(examination.meanLoss)),
            ("ema.all.accuracy", .double(examination.accuracy)),
            ("ema.all.exact_accuracy", .double(examination.exactAccuracy)),
        ]
    }

    private static func share(_ part: Int, _ whole: Int) -> Double {
        Double(part) / Double(max(1, whole))
    }

    private static func bar(
        _ trainer: TextTrainer, _ result: TextTrainer.StepResult, first: Int, elapsed: Double
    ) -> ProgressBar {
        ProgressBar(
            fraction: trainer.progress, step: result.step,
            rate: elapsed > 0 ? Double(result.step - first) / elapsed : nil,
            losses: [.init("loss", result.loss.meanLoss)],
            exactAccuracy: share(result.loss.rightSampleCount, result.loss.sampleCount))
    }
}
