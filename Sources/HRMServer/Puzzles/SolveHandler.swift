import Foundation
import HRM
import HRMData
import HRMFiles
import HRMInference
import HRMTensor

/// Solves the puzzles of a request.
struct SolveHandler: Sendable {
    /// The levels of detail of a trace.
    enum TraceDetail: String, CaseIterable { case steps, cycles }

    let library: ModelLibrary
    let load: ServerLoad
    private static let mostPuzzles = 1000
    /// The maximum number of traced puzzles, each of which has a computation of its own.
    private static let mostTraces = 10

    /// Answers `POST /v1/solve`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        let start = ContinuousClock.now
        var members = try RequestMembers(request)
        let text = try members.text("puzzle", atMost: 1_000_000)
        let texts = try members.texts("puzzles", atMost: Self.mostPuzzles)
        let selection = try PuzzleSelection(&members)
        let choices = try InferenceChoices(try members.object("options"))
        let isChecked = try members.flag("checker") ?? false
        let detail = try members.choice("trace", of: TraceDetail.self)
        try members.finish()
        guard (text == nil) != (texts == nil) else {
            throw members.problem(
                "puzzle", "one of 'puzzle' and 'puzzles' is needed, not both or none",
                remedy: "send one of them")
        }
        let model = try await selection.model(
            for: text ?? texts?.joined(separator: "\n") ?? "", in: library)
        guard let task = model.task else { throw Self.noPuzzle(nil) }
        let readings =
            try texts.map { texts in
                try texts.map { text in
                    try WrittenPuzzles.readings(of: text, task: task, atMost: 1)[0]
                }
            } ?? WrittenPuzzles.readings(of: text ?? "", task: task, atMost: Self.mostPuzzles)
        let questions = readings.compactMap(\.question)
        guard !questions.isEmpty else { throw Self.noPuzzle(readings.first?.problem) }
        var usual = model.reasoner.plan
        if detail != nil { usual.restarts = 0 }
        let plan = choices.options(otherwise: usual, for: model.file.model)
        guard detail == nil || plan.attempts == 1 && questions.count <= Self.mostTraces else {
            throw members.problem(
                "trace", "a trace shows the one attempt at a puzzle, of at most \(Self.mostTraces)",
                remedy: "leave it out, or votes, starts and restarts")
        }
        let checker = isChecked ? task.checker : nil
        let answers = try await load.with(questions.count, .puzzles) {
            try await TimeLimit.run(seconds: load.limits.requestSeconds) {
                var answers: [Result<JSONValue, ReasonerError>] = []
                if let detail {
                    for question in questions {
                        answers.append(
                            .success(
                                try await traced(
                                    question, plan: plan, detail, model: model, checker: checker)))
                    }
                    return answers
                }
                for await answer in model.reasoner.answers(
                    to: questions, plan: plan, checker: checker)
                {
                    answers.append(
                        answer.map { .object($0.members(isChecked: checker != nil)) })
                }
                return answers
            }
        }
        return .json(
            Self.answer(
                readings, answers, plan: plan, model: model.entry.identifier,
                seconds: (ContinuousClock.now - start) / .seconds(1)))
    }

    /// Returns the answer about all readings, in their order.
    private static func answer(
        _ readings: [WrittenPuzzles.Reading], _ answers: [Result<JSONValue, ReasonerError>],
        plan: InferenceOptions, model: String, seconds: Double
    ) -> JSONValue {
        var rest = answers[...]
        var errors = 0
        let puzzles = readings.map { reading -> JSONValue in
            guard reading.question != nil, let answer = rest.popFirst() else {
                errors += 1
                return reading.refusal
            }
            switch answer {
            case .success(.object(let members)):
                return .object(members.merging(reading.origin) { $1 })
            case .success(let value): return value
            case .failure(let error):
                errors += 1
                var refused = reading
                refused.problem = "\(error)"
                return refused.refusal
            }
        }
        return .object([
            "puzzles": .list(puzzles), "count": .integer(puzzles.count - errors),
            "errors": .integer(errors), "plan": plan.members, "seconds": .number(seconds),
            "steps": .integer(plan.maxSteps), "model": .text(model),
        ])
    }

    private func traced(
        _ question: PuzzleQuestion, plan: InferenceOptions, _ detail: TraceDetail,
        model: ModelLibrary.Loaded, checker: PuzzleStream.Checker?
    ) async throws -> JSONValue {
        let traced = try await TracedAnswer.make(
            of: question, plan: plan, detail: detail == .steps ? .steps : .cycles,
            model: model.file.model, checker: checker)
        var members = traced.answer.members(isChecked: checker != nil)
        members["trace"] = traced.puzzle.members
        return .object(members)
    }

    /// Returns the error for a text without a puzzle.
    static func noPuzzle(_ problem: String?) -> HTTPError {
        HTTPError(
            .unprocessableContent, problem ?? "the text has no puzzle", at: "body.puzzle",
            remedy: "correct the text")
    }
}
