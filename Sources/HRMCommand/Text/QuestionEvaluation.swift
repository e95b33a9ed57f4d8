import HRMFigures
import HRMFiles
import HRMText

/// Evaluates questions one after another: choices by likelihood, answers by generation.
struct QuestionEvaluation {
    private let loaded: TextModelArguments.Loaded
    private let style: ChoiceEvaluation.Style
    private let match: AnswerMatch
    private let sampling: SamplingArguments
    private let rows: Int
    private let shots: FewShotPrompt
    private var accuracy = Proportion()
    private var normalizedAccuracy = Proportion()
    private var exactMatch = Proportion()
    private var failed = 0
    private var progress = ProgressDisplay()
    /// A JSON line for each question, in order.
    private(set) var samples: [String] = []

    init(
        _ loaded: TextModelArguments.Loaded, style: ChoiceEvaluation.Style, match: AnswerMatch,
        sampling: SamplingArguments, rows: Int, shots: FewShotPrompt
    ) {
        self.loaded = loaded
        self.style = style
        self.match = match
        self.sampling = sampling
        self.rows = rows
        self.shots = shots
    }

    /// The `--json` members of the results.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        func add(_ name: String, _ proportion: Proportion) {
            guard proportion.trials > 0 else { return }
            members[name] = .number(proportion.share)
            members[name + "_stderr"] = .number(proportion.standardError)
        }
        add("acc", accuracy)
        add("acc_norm", normalizedAccuracy)
        add("exact_match", exactMatch)
        members["questions"] = .integer(accuracy.trials + exactMatch.trials)
        // A question that does not fit into the context counts as wrong.
        if failed > 0 { members["failed"] = .integer(failed) }
        return members
    }

    /// Evaluates questions.
    ///
    /// - Throws: An error of the model, or the file system.
    mutating func run(_ examples: [TextExample]) throws {
        samples = Array(repeating: "", count: examples.count)
        var generated: [Int] = []
        let scorer = ChoiceEvaluation(
            scorer: TextScorer(model: loaded.model), tokenizer: loaded.generator.tokenizer,
            format: loaded.generator.format, conditions: try sampling.conditions, style: style,
            context: loaded.generator.context)
        defer { progress.clear() }
        for (number, example) in examples.enumerated() {
            guard case .choice(let choices, let right) = example.expectation else {
                generated.append(number)
                continue
            }
            do {
                let result = try scorer.evaluate(
                    shots.text(example.prompt), choices: choices, right: right)
                try add(result, number)
            } catch let error as GenerationError {
                accuracy.add(false)
                normalizedAccuracy.add(false)
                try fail(error, number)
            }
            show(examples.count)
        }
        try generate(generated, of: examples)
    }

    private mutating func generate(_ numbers: [Int], of examples: [TextExample]) throws {
        guard !numbers.isEmpty else { return }
        let (loaded, sampling, shots) = (loaded, sampling, shots)
        var next = 0
        try loaded.generator.run(rows: min(rows, numbers.count)) {
            guard next < numbers.count else { return nil }
            defer { next += 1 }
            return try sampling.request(
                shots.text(examples[numbers[next]].prompt), number: numbers[next],
                to: loaded.generator)
        } report: { event in
            let number = numbers[event.request]
            guard case .text(let right) = examples[number].expectation else { return }
            switch event {
            case .token: return
            case .finished(_, let answer): try add(answer, oneOf: right, number)
            case .failed(_, let error):
                exactMatch.add(false)
                try fail(error, number)
            }
            show(examples.count)
        }
    }

    private mutating func add(_ result: ChoiceEvaluation.Result, _ number: Int) throws {
        accuracy.add(result.choice == result.right)
        normalizedAccuracy.add(result.normalizedChoice == result.right)
        try note(
            number,
            [
                "log_likelihoods": .list(result.logLikelihoods.map { .number($0) }),
                "choice": .integer(result.choice), "right": .integer(result.right),
                "normalized_choice": .integer(result.normalizedChoice),
            ])
    }

    private mutating func add(
        _ answer: GeneratedText, oneOf right: [String], _ number: Int
    ) throws {
        let isRight = match.matches(answer.text, oneOf: right)
        exactMatch.add(isRight)
        try note(
            number,
            [
                "text": .text(answer.text), "is_right": .flag(isRight),
                "reason": .text(answer.reason.rawValue),
                "compared": match.extracted(answer.text).map { .text($0) } ?? .null,
                "right": .list(right.map { .text(match.extracted($0) ?? $0) }),
            ])
    }

    private mutating func fail(_ error: GenerationError, _ number: Int) throws {
        failed += 1
        Console.tell("question \(number + 1): \(error)")
        try note(number, ["error": .text("\(error)")])
    }

    private mutating func note(_ number: Int, _ members: [String: JSONValue]) throws {
        var members = members
        members["index"] = .integer(number)
        samples[number] = try JSONValue.object(members).line()
    }

    private mutating func show(_ count: Int) {
        let done = accuracy.trials + exactMatch.trials
        progress.show { ProgressBar(done: done, total: count, elapsed: $0) }
    }
}
