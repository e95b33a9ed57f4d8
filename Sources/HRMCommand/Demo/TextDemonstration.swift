import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTensor
import HRMText
import HRMTraining

/// The demonstration of text: arithmetic in words, with a tokenizer and a model of its own.
struct TextDemonstration {
    /// The numbers of the demonstration.
    struct Plan {
        /// The largest operand.
        var largest = 49
        /// The number of training problems.
        var trainingProblems = 3000
        /// The number of test problems, all different from the training problems.
        var testProblems = 500
        /// The tokens of a byte-pair tokenizer, in which a word has one or a few.
        var vocabularySize = 340
        /// The number of times at which samples are shown.
        var samples = 8

        /// True if there are so many different problems.
        var isPossible: Bool {
            trainingProblems + testProblems <= ArithmeticInWords(largest: largest).count
        }

        /// The settings of the training.
        func settings(seed: UInt64, steps: Int?) -> TextTrainingSettings {
            var settings = TextTrainingSettings()
            settings.steps = steps ?? 2500
            settings.batchSize = 32
            settings.context = 64
            settings.seed = seed
            return settings
        }
    }

    let plan: Plan
    let settings: TextTrainingSettings
    let workers: Workers
    /// The folder to keep; `nil` for none.
    let output: URL?
    /// The same folder as written by the user.
    let outputName: String?
    let isJSON: Bool

    func run() throws {
        if let output, FileManager.default.fileExists(atPath: output.path) {
            throw RunFolderError.alreadyExists(path: output.path)
        }
        let start = ContinuousClock.now
        var random = SeededGenerator(seed: settings.seed, stream: RandomStream.puzzles)
        let problems = ArithmeticInWords(largest: plan.largest).problems(
            plan.testProblems + plan.trainingProblems, using: &random)
        let test = Array(problems[..<plan.testProblems])
        let training = Array(problems[plan.testProblems...])
        let tokenizer = try TextMaterial.pairs(training).tokenizer(
            vocabularySize: plan.vocabularySize)
        try say(
            """
            A language model with two loops learns arithmetic in words, from nothing.

            1. Texts
            \(training.count.grouped("problem")) to learn from are made up now, and \
            \(test.count.grouped("other")) for the examination, which the model will not see \
            before. Three of them:

            """)
        for pair in training.prefix(3) { try show("  \(pair.prompt) = \(pair.answer)") }
        let trainer = try TextTrainer(
            settings: settings,
            configuration: settings.configuration(
                tokenizer: tokenizer, format: PromptFormat(tokenizer)),
            lessons: try TextMaterial.pairs(training).lessons(
                tokenizer: tokenizer, settings: settings),
            workers: workers)
        try train(trainer, tokenizer, test)
        let trainingTime = (ContinuousClock.now - start).seconds
        let result = try examine(trainer, tokenizer, test)
        try tellResult(result, seconds: trainingTime)
        try keep(trainer, tokenizer)
        let lens = try lens(trainer, tokenizer, test[0])
        let seconds = (ContinuousClock.now - start).seconds
        if isJSON {
            try Console.print(
                try JSONValue.object([
                    "task": .text(DemoSubject.textName), "seed": .unsigned(settings.seed),
                    "training_steps": .integer(trainer.step), "seconds": .number(seconds),
                    "exact_accuracy": .number(result.exactAccuracy),
                    "accuracy": .number(result.accuracy), "count": .integer(result.count),
                    "answer": .object([
                        "prompt": .text(test[0].prompt), "expected": .text(test[0].answer),
                        "text": .text(lens.answer), "trace": lens.table.value,
                    ]),
                ]).line())
            return
        }
        try tellLens(lens, test[0], seconds: seconds)
    }

    // MARK: - Training

    private func train(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer, _ test: [TextPair]
    ) throws {
        let count = trainer.learner.parameters.named.reduce(0) {
            $0 + $1.matrix.rows * $1.matrix.columns
        }
        try say(
            """

            2. Training
            The model is a small neural network with \(count.grouped("number")). It reads a \
            problem as pieces of words, of which a tokenizer has found \
            \(NumberText.grouped(tokenizer.vocabularySize)) in the texts, and a fast loop and a slow \
            one work on all pieces at once. It then says one piece after the other; where the \
            right answer has another one, its numbers are changed a little. It is not told what a \
            number is. What it answers to three problems of the examination meanwhile:

            """)
        StopSignal.listen()
        var progress = ProgressDisplay()
        let interval = max(1, settings.steps / plan.samples)
        var loss = 0.0
        while !trainer.isFinished {
            if trainer.step.isMultiple(of: interval) {
                progress.clear()
                try showSamples(trainer, tokenizer, test, loss: loss)
            }
            let result = try trainer.advance()
            loss = result.loss.meanLoss
            if let signal = StopSignal.current {
                progress.clear()
                Console.tell("\(StopSignal.name(of: signal)): the demonstration was ended")
                throw ExitCode(StopSignal.exitStatus(of: signal))
            }
            progress.show { elapsed in
                ProgressBar(
                    fraction: trainer.progress, step: result.step,
                    rate: Double(result.step) / max(1e-9, elapsed),
                    losses: [.init("loss", result.loss.meanLoss)],
                    secondsLeft: ProgressBar.secondsLeft(
                        elapsed: elapsed, fraction: trainer.progress))
            }
        }
        progress.clear()
        try showSamples(trainer, tokenizer, test, loss: loss)
    }

    private func showSamples(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer, _ test: [TextPair], loss: Double
    ) throws {
        let head =
            trainer.step == 0
            ? "before the first step"
            : "step \(NumberText.grouped(trainer.step)), loss \(NumberText.significant(loss))"
        try show(head)
        for pair in test.prefix(3) {
            let answer = try answer(trainer, tokenizer, pair.prompt).text
            try show(
                "  \(pair.prompt) = \(answer.shown)\(answer == pair.answer ? "  (right)" : "")")
        }
    }

    /// Returns the averaged model with a generator.
    private func loaded(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer
    ) throws -> TextModelArguments.Loaded {
        let model = trainer.learner.model(averaged: true)
        return TextModelArguments.Loaded(
            model: model, generator: try TextGenerator(model: model, tokenizer: tokenizer))
    }

    private func answer(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer, _ prompt: String
    ) throws -> GeneratedText {
        let generator = try loaded(trainer, tokenizer).generator
        var request: GenerationRequest? = try generator.request(prompt, tokenLimit: 40)
        var result: GeneratedText?
        try generator.run(rows: 1) {
            defer { request = nil }
            return request
        } report: { event in
            if case .finished(_, let answer) = event { result = answer }
        }
        guard let result else { throw CommandError("'\(prompt)' has no answer") }
        return result
    }

    // MARK: - Examination

    private func examine(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer, _ test: [TextPair]
    ) throws -> TextExamination {
        try TextExamination.of(
            trainer.learner.model(averaged: true),
            on: try TextMaterial.pairs(test).lessons(tokenizer: tokenizer, settings: settings),
            pool: trainer.learner.pool)
    }

    private func tellResult(_ result: TextExamination, seconds: Double) throws {
        try say(
            """

            3. Examination
            Of \(result.count.grouped("problem")) it had never seen, the model answered \
            \(NumberText.grouped(result.exactCount)) exactly: \
            \(NumberText.percent(result.exactAccuracy)). Of all pieces, each after the \
            right ones, \(NumberText.percent(result.accuracy)) are right.
            That took \(NumberText.duration(seconds: seconds)) from the first text to here.

            """)
    }

    private func keep(_ trainer: TextTrainer, _ tokenizer: Tokenizer) throws {
        guard let output else { return }
        try trainer.learner.average.write(
            to: output, configuration: trainer.learner.configuration,
            initialLow: trainer.learner.initialLow)
        try tokenizer.write(to: TextRun.tokenizerURL(output))
    }

    // MARK: - One problem

    private func lens(
        _ trainer: TextTrainer, _ tokenizer: Tokenizer, _ pair: TextPair
    ) throws -> (answer: String, table: LensTable) {
        let loaded = try loaded(trainer, tokenizer)
        let answer = try answer(trainer, tokenizer, pair.prompt)
        let request = try loaded.generator.request(pair.prompt)
        return (
            answer.text,
            try LensTable(prompt: request.prompt, answer: answer, loaded: loaded)
        )
    }

    private func tellLens(
        _ lens: (answer: String, table: LensTable), _ pair: TextPair, seconds: Double
    ) throws {
        try say(
            """
            4. One problem, pass by pass
            \(pair.prompt) = \(lens.answer.shown)
            A line for each piece of the answer: what the model would have said after each pass \
            of the fast loop (L) and of the slow one (H).

            """)
        try show(lens.table.text)
        try say("The whole demonstration took \(NumberText.duration(seconds: seconds)).")
        if let outputName {
            try say(
                "The model is in \(outputName); hrm generate --model \(outputName) uses it.")
        }
    }

    /// Prints an explanation, wrapped for reading.
    private func say(_ text: String) throws {
        try show(WrappedText.wrapped(text, width: min(Console.width, 80)))
    }

    /// Prints to standard output, or to standard error if that is used for JSON.
    private func show(_ text: String) throws {
        if isJSON {
            Console.tell(text)
        } else {
            try Console.print(text)
        }
    }
}
