package import HRMData
import HRMEngine
package import HRMFiles
package import HRMInference
import HRMModel

/// The events of a puzzle's thinking: `begin`, a `step` for each thinking step, and `result`.
package struct ThoughtEvents: Sendable {
    private let question: PuzzleQuestion
    private let plan: InferenceOptions
    private let file: ModelFile
    private let reasoner: Reasoner
    private let name: String

    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: The plan, with one vote and one start.
    ///   - file: The model.
    ///   - reasoner: Solves with the model.
    ///   - name: The model's name.
    package init(
        of question: PuzzleQuestion, plan: InferenceOptions, file: ModelFile, reasoner: Reasoner,
        name: String
    ) {
        self.question = question
        self.plan = plan
        self.file = file
        self.reasoner = reasoner
        self.name = name
    }

    /// Solves the puzzle.
    ///
    /// - Parameter send: Receives the name and the data of each event as it is computed.
    /// - Returns: The answer.
    /// - Throws: ``HTTPError`` if the puzzle does not fit the model or has no answer; errors of
    ///   `send`; `CancellationError`.
    @discardableResult package func tell(
        _ send: (String, JSONValue) async throws -> Void
    ) async throws -> Reasoner.Answer {
        let start = ContinuousClock.now
        let model = file.model
        try await send(
            "begin",
            .object([
                "model": .text(name), "task": question.task.description,
                "puzzle": question.board.members, "plan": plan.members,
                "vocabulary_size": .integer(model.dimensions.vocabularySize),
                "search": .flag(model.configuration.readsCandidates),
            ]))
        var text = ThoughtText(question: question, model: model)
        let traces: AsyncStream<TraceEvent>
        do throws(ReasonerError) {
            traces = try reasoner.traces(of: question, plan: plan)
        } catch {
            throw HTTPError(.unprocessableContent, error, at: "body.puzzle")
        }
        for await event in traces {
            switch event {
            case .step(let step): try await send("step", text.members(of: step))
            case .solution(let solution):
                let answer = Reasoner.Answer(solution, to: question)
                var members = answer.members()
                members.merge(ThoughtText.board(of: answer.content)) { $1 }
                members["seconds"] = .number((ContinuousClock.now - start) / .seconds(1))
                try await send("result", .object(members))
                return answer
            case .failure(let error):
                throw HTTPError(.internalServerError, error, at: "model")
            }
        }
        try Task.checkCancellation()
        throw HTTPError(
            .serviceUnavailable, "the steps were read too slowly", at: "connection",
            remedy: "read them as they come", retryAfter: 1)
    }

    /// Solves the puzzle, and collects all events for a ``StandalonePage``.
    ///
    /// - Returns: The events, and the answer.
    /// - Throws: As ``tell(_:)``.
    package func record() async throws -> (events: JSONValue, answer: Reasoner.Answer) {
        var members: [String: JSONValue] = [:]
        var steps: [JSONValue] = []
        let answer = try await tell { name, value in
            if name == "step" { steps.append(value) } else { members[name] = value }
        }
        members["steps"] = .list(steps)
        return (.object(members), answer)
    }
}
