import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTensor
import HRMText
import HRMTraining

/// The command `hrm train-text`.
struct TrainTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-text",
        abstract: "Train a small text model from prompts with answers, or from a text.",
        discussion: """
            --data is a file named ….jsonl with an object with "prompt" and "answer" in each line, \
            or a running text, which is read in parts of the context. Each byte is a token; \
            --vocabulary trains a byte-pair tokenizer on the data first, and --tokenizer uses one \
            that exists. A text needs --objective all.

            The folder of --output is also a model: 'hrm generate --model' reads it. It contains \
            the averaged weights, metrics.jsonl and event files with the names of other trainings, \
            and the state for --resume, which continues with the same bits as without the \
            interruption; --steps or --flop then extend the training.

            With --test, answers to the prompts of another file are compared in steps: \
            'exact_accuracy' is the share of greedy answers that equal the right ones.
            """)

    @Option(help: ArgumentHelp("The training texts.", valueName: "file"))
    var data: String?
    @Option(help: ArgumentHelp("Examples for evaluations.", valueName: "file"))
    var test: String?
    @Option(help: ArgumentHelp("The run's folder; it must not exist.", valueName: "folder"))
    var output: String?
    @Option(help: ArgumentHelp("Continue the run in this folder.", valueName: "folder"))
    var resume: String?
    @Option(
        help: ArgumentHelp(
            "Train a byte-pair tokenizer with this number of tokens.", valueName: "n"))
    var vocabulary: Int?
    @Option(help: ArgumentHelp("Use this tokenizer.json.", valueName: "file"))
    var tokenizer: String?
    @Option(help: ArgumentHelp("Steps between evaluations.", valueName: "n"))
    var evaluateEvery = 200
    @Option(help: ArgumentHelp("Steps between checkpoints.", valueName: "n"))
    var checkpointEvery = 200
    @OptionGroup var training: TextTrainingArguments
    @OptionGroup var workers: WorkerOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try evaluateEvery.require(in: 1...1_000_000_000, "--evaluate-every")
        try checkpointEvery.require(in: 1...1_000_000_000, "--checkpoint-every")
        if resume != nil {
            guard data == nil, output == nil, test == nil, tokenizer == nil, vocabulary == nil
            else {
                throw ValidationError(
                    "--resume continues with the run's own data, tokenizer and folder")
            }
        } else if data == nil || output == nil {
            throw ValidationError("give --data and --output, or --resume")
        }
        if tokenizer != nil, vocabulary != nil {
            throw ValidationError("give --tokenizer or --vocabulary, not both")
        }
    }

    func run() throws {
        var run = try resume.map(resumed) ?? fresh()
        StopSignal.listen()
        run.report = { step, examination in
            if !json { try Console.print(Self.line(step: step, examination)) }
        }
        let count = run.trainer.learner.parameters.named.reduce(0) {
            $0 + $1.matrix.rows * $1.matrix.columns
        }
        if resume == nil {
            Console.tell(
                "\(NumberText.grouped(count)) parameters, "
                    + "\(NumberText.grouped(run.tokenizer.vocabularySize)) tokens, "
                    + "\(run.trainer.learner.pool.count.counted("worker"))")
        }
        let result = try run.run()
        if let signal = StopSignal.current {
            Console.tell(
                "\(StopSignal.name(of: signal)): stopped after step \(run.trainer.step); "
                    + "--resume continues")
            throw ExitCode(StopSignal.exitStatus(of: signal))
        }
        guard json else { return }
        var members: [String: JSONValue] = [
            "parameters": .integer(count), "steps": .integer(run.trainer.step),
            "flop": .number(run.trainer.operations), "seed": .unsigned(run.record.settings.seed),
        ]
        if let result {
            members["exact_accuracy"] = .number(result.exactAccuracy)
            members["accuracy"] = .number(result.accuracy)
            members["loss"] = .number(result.meanLoss)
            members["count"] = .integer(result.count)
        }
        try Console.print(try JSONValue.object(members).line())
    }

    /// Returns a line about an evaluation.
    static func line(step: Int, _ examination: TextExamination) -> String {
        "step \(NumberText.grouped(step)): exact "
            + "\(NumberText.percent(examination.exactAccuracy)), tokens "
            + "\(NumberText.percent(examination.accuracy)), loss "
            + NumberText.significant(examination.meanLoss)
    }

    // MARK: - Runs

    private func fresh() throws -> TextRun {
        guard let data, let output else { throw CommandError("--data or --output is missing") }
        let folder = URL(fileURLWithPath: output)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw RunFolderError.alreadyExists(path: folder.path)
        }
        let source = URL(fileURLWithPath: data)
        let material = try TextMaterial.read(source)
        var settings = training.settings(TextTrainingSettings())
        if case .text = material {
            guard training.objective == .all || training.objective == nil else {
                throw UsageError("a running text has no prompts: use --objective all")
            }
            settings.objective = .all
        }
        let tokenizer = try tokenizer(for: material)
        let record = TextRunRecord(
            packageVersion: Package.version, settings: settings, dataPath: source.path,
            testPath: test.map { URL(fileURLWithPath: $0).path },
            dataDigest: try Self.digest(of: source), workers: workers.threads.count,
            evaluationInterval: evaluateEvery, checkpointInterval: checkpointEvery)
        let run = try Self.run(
            record, material: material, tokenizer: tokenizer, folder: RunFolder(folder))
        _ = try RunFolder.create(at: folder)
        try run.begin()
        return run
    }

    private func resumed(_ name: String) throws -> TextRun {
        let folder = URL(fileURLWithPath: name)
        var record = try TextRun.record(of: folder)
        if let steps = training.steps {
            (record.settings.steps, record.settings.budget) = (steps, nil)
        }
        if let operations = training.operations { record.settings.budget = operations }
        if let chosen = workers.chosen { record.workers = chosen.count }
        let source = URL(fileURLWithPath: record.dataPath)
        guard try Self.digest(of: source) == record.dataDigest else {
            throw CommandError(
                "\(record.dataPath) was changed since the run began; restore it, or train in a "
                    + "new folder")
        }
        let run = try Self.run(
            record, material: try TextMaterial.read(source),
            tokenizer: try Tokenizer(contentsOf: TextRun.tokenizerURL(folder)),
            folder: RunFolder(folder))
        try run.begin()
        return run
    }

    private static func run(
        _ record: TextRunRecord, material: TextMaterial, tokenizer: Tokenizer, folder: RunFolder
    ) throws -> TextRun {
        let settings = record.settings
        let lessons = try material.lessons(tokenizer: tokenizer, settings: settings)
        let test = try record.testPath.map {
            try TextMaterial.read(URL(fileURLWithPath: $0)).lessons(
                tokenizer: tokenizer, settings: settings)
        }
        let trainer = try TextTrainer(
            settings: settings,
            configuration: settings.configuration(
                tokenizer: tokenizer, format: PromptFormat(tokenizer)),
            lessons: lessons, workers: Workers(count: record.workers))
        return TextRun(
            record: record, folder: folder, tokenizer: tokenizer, trainer: trainer,
            test: test ?? [])
    }

    private func tokenizer(for material: TextMaterial) throws -> Tokenizer {
        if let tokenizer { return try Tokenizer(contentsOf: URL(fileURLWithPath: tokenizer)) }
        return try material.tokenizer(vocabularySize: vocabulary)
    }

    private static func digest(of url: URL) throws -> String {
        ContentDigest.sha256(of: try InputFile.mapped(url))
    }
}
