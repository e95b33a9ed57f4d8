import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTensor
import HRMText
import HRMTraining

/// The command `hrm compare-text`.
struct CompareTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-text",
        abstract: "Compare a text model with two loops to plain transformers at equal FLOP.",
        discussion: """
            Trains the model with two loops, and plain transformers with the same trainer, with \
            several seeds, each until it has spent the same floating-point operations (--flop), \
            and compares their answers: an answer is right if it equals the given one.

            'transformer' has the same number of parameters: the blocks of both stacks in one \
            stack, which is passed once; its steps are cheaper, so it makes more of them. 'deep' \
            has a block of its own for each block of each pass, so that its answers cost what those \
            of the two loops cost.

            Without --data the task is arithmetic in words: sums and differences of numbers up to \
            --largest, divided at random into training, held-out and test examples. Choose \
            settings with --split held-out, and report --split test once. Seeds change weights and \
            order, not the examples.
            """)

    /// The compared models.
    enum Architecture: String, ExpressibleByArgument, CaseIterable {
        case loops, transformer, deep

        /// Returns the settings of the model.
        func settings(_ settings: TextTrainingSettings) -> TextTrainingSettings {
            var settings = settings
            let passes = settings.highCycles * (settings.lowCycles + 1)
            switch self {
            case .loops: break
            case .transformer: settings.becomeTransformer()
            case .deep:
                settings.layersPerStack *= passes
                (settings.highCycles, settings.lowCycles) = (1, 0)
            }
            return settings
        }
    }

    /// The examples that models are compared on.
    enum Split: String, ExpressibleByArgument, CaseIterable {
        case heldOut = "held-out"
        case test
    }

    @Option(help: ArgumentHelp("The training texts, instead of arithmetic.", valueName: "file"))
    var data: String?
    @Option(help: ArgumentHelp("The examples of the comparison, with --data.", valueName: "file"))
    var test: String?
    @Option(help: ArgumentHelp("The largest operand of the arithmetic.", valueName: "n"))
    var largest = 99
    @Option(help: ArgumentHelp("Training examples of the arithmetic.", valueName: "n"))
    var examples = 4000
    @Option(
        help: ArgumentHelp("Held-out and test examples, each, of the arithmetic.", valueName: "n"))
    var examined = 1000
    @Option(help: ArgumentHelp("held-out or test.", valueName: "split"))
    var split = Split.heldOut
    @Option(
        help: ArgumentHelp(
            "Train a byte-pair tokenizer with this number of tokens, instead of bytes.",
            valueName: "n"))
    var vocabulary: Int?
    @Option(help: ArgumentHelp("Number of seeds, from --seed on.", valueName: "n"))
    var seeds = 3
    @Option(
        help: ArgumentHelp(
            "The compared models, separated by commas: loops, transformer, deep.",
            valueName: "names"))
    var models = "loops,transformer"
    @OptionGroup var training: TextTrainingArguments
    @OptionGroup var workers: WorkerOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try largest.require(in: 1...999, "--largest")
        try examples.require(in: 1...1_000_000, "--examples")
        try examined.require(in: 1...100_000, "--examined")
        try seeds.require(in: 1...1000, "--seeds")
        _ = try architectures()
        if (data == nil) != (test == nil) {
            throw ValidationError("--data and --test belong together")
        }
        if training.transformer {
            throw ValidationError("--transformer is one of the --models")
        }
        let count = ArithmeticInWords(largest: largest).count
        if data == nil, examples + 2 * examined > count {
            throw ValidationError(
                "operands up to \(largest) give \(count) problems, fewer than --examples and "
                    + "twice --examined")
        }
    }

    private func architectures() throws -> [Architecture] {
        let names = models.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        return try names.map { name in
            guard let architecture = Architecture(rawValue: name) else {
                throw ValidationError(
                    "'\(name)' is none of the models loops, transformer, deep")
            }
            return architecture
        }
    }

    func run() throws {
        StopSignal.listen()
        let (material, examination) = try texts()
        let tokenizer = try material.tokenizer(vocabularySize: vocabulary)
        var standard = TextTrainingSettings()
        standard.budget = 1e12
        let settings = training.settings(standard)
        var rows: [ComparedModel] = []
        for architecture in try architectures() {
            var row = ComparedModel(name: architecture.rawValue)
            for offset in 0..<seeds {
                var own = architecture.settings(settings)
                own.seed = settings.seed + UInt64(offset)
                try row.add(
                    Self.trained(
                        own, material, examination, tokenizer, workers: workers.threads))
                if let signal = StopSignal.current {
                    throw ExitCode(StopSignal.exitStatus(of: signal))
                }
                Console.tell("\(architecture.rawValue), seed \(own.seed): \(row.last)")
            }
            rows.append(row)
        }
        if json {
            try Console.print(
                try JSONValue.object([
                    "budget": .number(settings.budget ?? 0), "split": .text(split.rawValue),
                    "models": .list(rows.map(\.value)),
                ]).line())
        } else {
            try Console.print(ComparedModel.table(rows).text, terminator: "")
        }
    }

    private func texts() throws -> (TextMaterial, TextMaterial) {
        if let data, let test {
            return (
                try TextMaterial.read(URL(fileURLWithPath: data)),
                try TextMaterial.read(URL(fileURLWithPath: test))
            )
        }
        var random = SeededGenerator(seed: 0)
        let problems = ArithmeticInWords(largest: largest).problems(
            examples + 2 * examined, using: &random)
        let first = split == .test ? 0 : examined
        return (
            .pairs(Array(problems[(2 * examined)...])),
            .pairs(Array(problems[first..<(first + examined)]))
        )
    }

    /// Trains a model and examines its averaged weights.
    private static func trained(
        _ settings: TextTrainingSettings, _ material: TextMaterial, _ examination: TextMaterial,
        _ tokenizer: Tokenizer, workers: Workers
    ) throws -> ComparedModel.Run {
        let trainer = try TextTrainer(
            settings: settings,
            configuration: settings.configuration(
                tokenizer: tokenizer, format: PromptFormat(tokenizer)),
            lessons: try material.lessons(tokenizer: tokenizer, settings: settings),
            workers: workers)
        let examined = try examination.lessons(tokenizer: tokenizer, settings: settings)
        var progress = ProgressDisplay()
        defer { progress.clear() }
        let start = ContinuousClock.now
        while !trainer.isFinished, StopSignal.current == nil {
            let result = try trainer.advance()
            progress.show { elapsed in
                ProgressBar(
                    fraction: trainer.progress, step: result.step,
                    rate: Double(result.step) / max(1e-9, elapsed),
                    losses: [.init("loss", result.loss.meanLoss)])
            }
        }
        let seconds = (ContinuousClock.now - start).seconds
        return ComparedModel.Run(
            seed: settings.seed, steps: trainer.step, operations: trainer.operations,
            seconds: seconds,
            parameterCount: trainer.learner.parameters.named.reduce(0) {
                $0 + $1.matrix.rows * $1.matrix.columns
            },
            result: try TextExamination.of(
                trainer.learner.model(averaged: true), on: examined, pool: trainer.learner.pool))
    }
}
