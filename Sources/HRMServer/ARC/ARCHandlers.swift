import Foundation
import HRMData
import HRMFiles
import HRMInference
import HRMPerTask
import HRMTensor

/// Reads and solves ARC tasks.
struct ARCHandlers: Sendable {
    let library: ModelLibrary
    let load: ServerLoad

    /// Answers `POST /v1/arc/check`.
    func check(_ request: HTTPRequest) throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let text = try members.requiredText("text", atMost: 1_000_000)
        let name = try members.text("name", atMost: 200)
        try members.finish()
        var task: ARCTask?
        var problem: HTTPError?
        do {
            var value: JSONValue
            do {
                value = try JSONText.decode(JSONValue.self, from: JSONText.utf8(Array(text.utf8)))
            } catch {
                throw HTTPError(
                    .unprocessableContent, "it is not JSON: \(error.explanation())",
                    at: "body.text",
                    remedy: "correct it")
            }
            if let name, case .object(var members) = value, members["name"] == nil {
                members["name"] = .text(name)
                value = .object(members)
            }
            let read = try ARCTask(value, at: "body.text")
            do {
                _ = try TaskExamples(read)
            } catch {
                throw HTTPError(.unprocessableContent, error, at: "body.text")
            }
            task = read
        } catch let error as HTTPError {
            problem = error
        }
        return .json(
            .object(["task": task?.members ?? .null, "problem": problem?.details ?? .null]))
    }

    /// Answers `POST /v1/arc/solve`.
    func solve(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let task = try ARCTask(members.any("task"), at: "body.task")
        let name = try members.requiredText("model", atMost: 1000)
        let choices = try InferenceChoices(try members.object("options"))
        try members.finish()
        let model = try await library.model(name)
        guard model.canvas != nil else {
            throw HTTPError(
                .unprocessableContent, "the model is not for ARC tasks", at: "body.model",
                remedy: "use one of /v1/models whose task is 'arc'")
        }
        let place = try load.place([.learning])
        defer { place.release() }
        let vote = try await TimeLimit.run(seconds: load.limits.requestSeconds) {
            try await OwnThread.run {
                do {
                    let solver = try ARCSolver(
                        model.file.model, namesIn: ModelFile.folder(of: model.entry.url),
                        votes: choices.votes ?? ARCSolver.defaultVotes,
                        plan: choices.options(
                            otherwise: .asTrained(model.file.model), for: model.file.model))
                    return try solver.solve(task) { _, _ in }
                } catch {
                    let sentence = "\(error)".replacing(
                        model.entry.url.path, with: model.entry.name)
                    throw HTTPError(
                        .unprocessableContent, sentence, at: "body.task",
                        remedy: "use a task of the model's training")
                }
            }
        }
        let tests = vote.answers(toTask: 0).map { answer in
            JSONValue.object([
                "attempts": .list(
                    answer.attempts.map { candidate in
                        .object([
                            "grid": candidate.grid.jsonRows, "votes": .integer(candidate.votes),
                            "right": answer.isRight(candidate).map { .flag($0) } ?? .null,
                        ])
                    })
            ])
        }
        let count = vote.answers(toTask: 0).map(\.voteCount).max() ?? 0
        return .json(
            .object([
                "task": .text(task.name), "tests": .list(tests), "votes": .integer(count),
                "model": .text(name),
            ]))
    }
}
