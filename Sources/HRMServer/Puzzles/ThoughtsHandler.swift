import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel

/// Solves a puzzle and tells each thinking step as it is computed.
struct ThoughtsHandler: Sendable {
    let library: ModelLibrary
    let load: ServerLoad

    /// Answers `POST /v1/thoughts`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let text = try members.requiredText("puzzle")
        let selection = try PuzzleSelection(&members)
        let choices = try InferenceChoices(try members.object("options"))
        try members.finish()
        let model = try await selection.model(for: text, in: library)
        guard let task = model.task else { throw SolveHandler.noPuzzle(nil) }
        let reading = try WrittenPuzzles.readings(of: text, task: task, atMost: 1000)[0]
        guard let question = reading.question else { throw SolveHandler.noPuzzle(reading.problem) }
        let plan = choices.options(otherwise: model.reasoner.plan, for: model.file.model)
        guard plan.votes == 1, plan.starts == 1 else {
            throw members.problem(
                "options", "thoughts are those of attempts that follow each other",
                remedy: "leave out votes and starts")
        }
        let place = try load.place([.streams, .puzzles])
        return .events { events in
            defer { place.release() }
            try await tell(question, plan: plan, model: model, events)
        }
    }

    private func tell(
        _ question: PuzzleQuestion, plan: InferenceOptions, model: ModelLibrary.Loaded,
        _ events: EventStream
    ) async throws {
        let start = ContinuousClock.now
        try await events.send(
            "begin",
            .object([
                "model": .text(model.entry.identifier), "task": question.task.description,
                "puzzle": question.board.members, "plan": plan.members,
                "vocabulary_size": .integer(model.file.model.dimensions.vocabularySize),
                "search": .flag(model.isSearch),
            ]))
        var text = ThoughtText(question: question, model: model.file.model)
        let traces: AsyncStream<TraceEvent>
        do throws(ReasonerError) {
            traces = try model.reasoner.traces(of: question, plan: plan)
        } catch {
            throw HTTPError(.unprocessableContent, error, at: "body.puzzle")
        }
        for await event in traces {
            switch event {
            case .step(let step): try await events.send("step", text.members(of: step))
            case .solution(let solution):
                let answer = Reasoner.Answer(solution, to: question)
                var members = answer.members()
                members.merge(ThoughtText.board(of: answer.content)) { $1 }
                members["seconds"] = .number((ContinuousClock.now - start) / .seconds(1))
                try await events.send("result", .object(members))
                return
            case .failure(let error):
                throw HTTPError(.internalServerError, error, at: "model")
            }
        }
        try Task.checkCancellation()
        throw HTTPError(
            .serviceUnavailable, "the steps were read too slowly", at: "connection",
            remedy: "read them as they come", retryAfter: 1)
    }
}
