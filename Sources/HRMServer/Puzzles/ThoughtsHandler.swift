import HRMData
import HRMEngine
import HRMFiles
import HRMInference

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
            let thoughts = ThoughtEvents(
                of: question, plan: plan, file: model.file, reasoner: model.reasoner,
                name: model.entry.identifier)
            try await thoughts.tell { try await events.send($0, $1) }
        }
    }
}
