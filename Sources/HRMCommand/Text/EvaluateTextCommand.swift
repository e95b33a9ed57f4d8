import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
public import HRMText

extension ChoiceEvaluation.Style: ExpressibleByArgument {}
extension AnswerMatch.Part: ExpressibleByArgument {}

/// The command `hrm evaluate-text`.
struct EvaluateTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-text",
        abstract: "Evaluate a text model on questions with known answers, or on a text.",
        discussion: """
            Each line of a JSON-lines file is a question, in the layouts of the usual test sets:

              {"question": …, "choices": {"text": […], "label": […]}, "answerKey": "B"}
              {"question": …, "choices": […], "answer": 1}
              {"ctx": …, "endings": […], "label": 1}
              {"goal": …, "sol1": …, "sol2": …, "label": 0}
              {"question": …, "answer": "… #### 42"}

            The prompt may also be named query, context, prompt, problem or input, the right \
            choice gold or target, and an answer target, answers, solution or output.

            With choices, the most likely one counts: 'acc' by the log-likelihood of its tokens, \
            'acc_norm' by the log-likelihood for each character. --style letters lists the choices \
            in the prompt and compares their letters. Without choices, an answer is generated and \
            compared; --match chooses the compared part, and of a right answer with '####' the \
            part after it counts. Errors are standard errors.

            --shots puts the first n questions with their answers before each of the others. \
            --samples writes a JSON line for each question.

            With --perplexity the file is a plain text, read from left to right in windows of \
            the context that overlap by half.
            """)

    @Argument(help: ArgumentHelp("The file with questions, or the text."))
    var file: String
    @OptionGroup var model: TextModelArguments
    @OptionGroup var sampling: SamplingArguments
    @Option(
        help: ArgumentHelp(
            "Choices: their texts as answers (texts), or letters of a list (letters).",
            valueName: "style"))
    var style = ChoiceEvaluation.Style.texts
    @Option(
        help: ArgumentHelp(
            "Compared part of an answer: all, line (the first), number (the last), boxed.",
            valueName: "part"))
    var match = AnswerMatch.Part.all
    @Flag(help: "Upper and lower case are equal.")
    var ignoreCase = false
    @Option(help: ArgumentHelp("Solved examples before each question.", valueName: "n"))
    var shots = 0
    @Option(
        help: ArgumentHelp("Use only the first n questions after the examples.", valueName: "n"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Answers at the same time; affects speed and memory, not answers.", valueName: "n"))
    var batchSize = 8
    @Option(help: ArgumentHelp("Write a JSON line for each question.", valueName: "file"))
    var samples: String?
    @Flag(help: "Measure the perplexity of a text.")
    var perplexity = false
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try shots.require(in: 0...1000, "--shots")
        try limit?.require(in: 1...1_000_000_000, "--limit")
        try batchSize.require(in: 1...1024, "--batch-size")
        if perplexity, shots > 0 || samples != nil || limit != nil {
            throw ValidationError("--perplexity measures a whole text, without questions")
        }
    }

    func run() throws {
        let start = ContinuousClock.now
        let members: [String: JSONValue]
        if perplexity {
            members = try measurePerplexity()
        } else {
            let url = URL(fileURLWithPath: file)
            let examples = try TextExamples.read(url, limit: limit.map { $0 + shots })
            guard examples.count > shots else {
                throw CommandError(
                    "\(file) has \(examples.count.counted("question")), none after \(shots) examples"
                )
            }
            let loaded = try model.load(rows: batchSize)
            var evaluation = QuestionEvaluation(
                loaded, style: style, match: AnswerMatch(match, ignoresCase: ignoreCase),
                sampling: sampling, rows: batchSize,
                shots: FewShotPrompt(Array(examples.prefix(shots)), style: style))
            try evaluation.run(Array(examples.dropFirst(shots)))
            if let samples {
                try AtomicFile.write(
                    Data(evaluation.samples.map { $0 + "\n" }.joined().utf8),
                    to: URL(fileURLWithPath: samples))
            }
            members = evaluation.members
        }
        try show(members, seconds: (ContinuousClock.now - start).seconds)
    }

    private func measurePerplexity() throws -> [String: JSONValue] {
        let text = try InputFile.text(URL(fileURLWithPath: file), limit: 1 << 28)
        guard !text.isEmpty else { throw CommandError("\(file) is empty") }
        let loaded = try model.load()
        let tokenizer = loaded.generator.tokenizer
        let tokens = tokenizer.encode(text)
        let unknown = tokenizer.unknownBytes(in: text)
        var progress = ProgressDisplay()
        defer { progress.clear() }
        let result = try TextPerplexity.measure(
            tokens, bytes: text.utf8.count, start: loaded.generator.format.start,
            context: loaded.generator.context, scorer: TextScorer(model: loaded.model)
        ) { done in
            progress.show {
                ProgressBar(done: done, total: tokens.count, elapsed: $0)
            }
            return true
        }
        return [
            "tokens": .integer(result.tokens), "bytes": .integer(result.bytes),
            "unknown_bytes": .integer(unknown), "log_likelihood": .number(result.logLikelihood),
            "perplexity": .number(result.perplexity),
            "bits_per_byte": .number(result.bitsPerByte),
            "context": .integer(loaded.generator.context),
        ]
    }

    private func show(_ members: [String: JSONValue], seconds: Double) throws {
        if json {
            var members = members
            members["seconds"] = .number(seconds)
            return try Console.print(try JSONValue.object(members).line())
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let text: String? =
                switch value {
                case .integer(let number): "\(number)"
                case .number(let number): String(format: "%.4f", number)
                default: nil
                }
            if let text {
                let padded = name.padding(toLength: 18, withPad: " ", startingAt: 0)
                try Console.print("\(padded)\(text)")
            }
        }
    }
}
