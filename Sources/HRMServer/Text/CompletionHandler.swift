import Foundation
import HRMFiles
import HRMText

/// Completes texts with a language model.
struct CompletionHandler: Sendable {
    /// The model's name.
    let name: String
    let generator: TextGenerator
    let load: ServerLoad
    private static let mostPrompts = 8
    private static let usualTokens = 256

    /// A request's parts.
    private struct Completion: Sendable {
        var identifier: String
        var created: Int
        var requests: [GenerationRequest]
    }

    /// Answers `POST /v1/completions`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        if let wanted = try members.text("model", atMost: 1000), wanted != name {
            throw HTTPError(
                .notFound, "there is no such text model", at: "body.model",
                remedy: "use \(name), or leave it out")
        }
        let prompts: [String]
        if case .list? = members.any("prompt") {
            prompts = try members.texts("prompt", atMost: Self.mostPrompts) ?? []
        } else {
            prompts = [try members.requiredText("prompt")]
        }
        let isStreamed = try members.flag("stream") ?? false
        let requests = try self.requests(prompts, &members)
        try members.finish()
        let completion = Completion(
            identifier: "cmpl-\(Secret.random())", created: Int(Date().timeIntervalSince1970),
            requests: requests)
        let place = try load.place([.streams, .learning])
        guard isStreamed else {
            defer { place.release() }
            return try await TimeLimit.run(seconds: load.limits.requestSeconds) {
                try await whole(completion)
            }
        }
        return .events { events in
            defer { place.release() }
            try await stream(completion, events)
        }
    }

    private func requests(
        _ prompts: [String], _ members: inout RequestMembers
    ) throws(HTTPError) -> [GenerationRequest] {
        let limit = try members.integer("max_tokens", in: 1...8192) ?? Self.usualTokens
        let temperature = try members.number("temperature", in: 0...2) ?? 0
        let share = try members.number("top_p", in: 1e-6...1)
        let seed = try members.integer("seed", in: 0...(1 << 53 - 1)) ?? 0
        _ = try members.integer("n", in: 1...1)
        _ = try members.text("user")
        guard try members.flag("echo") != true else {
            throw members.problem("echo", "the prompt is not repeated", remedy: "leave it out")
        }
        var stops: [String] = []
        if case .text? = members.any("stop") {
            stops = [try members.requiredText("stop", atMost: 1000)]
        } else {
            stops = try members.texts("stop", atMost: 4, bytes: 1000) ?? []
        }
        stops.removeAll(where: \.isEmpty)
        let names = try members.text("condition", atMost: 200) ?? ""
        var requests: [GenerationRequest] = []
        do {
            let conditions = try PromptCondition.list(names)
            for prompt in prompts {
                requests.append(
                    try generator.request(
                        prompt, conditions: conditions,
                        sampling: try SamplingOptions(
                            temperature: temperature, topP: share, seed: UInt64(seed)),
                        tokenLimit: limit, stopTexts: stops))
            }
        } catch {
            throw HTTPError(.badRequest, error, at: "body")
        }
        return requests
    }

    private func whole(_ completion: Completion) async throws -> HTTPResponse {
        var texts: [Int: GeneratedText] = [:]
        let rows = completion.requests.count
        for try await event in generator.answers(to: completion.requests, rows: rows) {
            switch event {
            case .token: break
            case .finished(let index, let text): texts[index] = text
            case .failed(_, let error):
                throw HTTPError(.unprocessableContent, error, at: "body.prompt")
            }
        }
        try Task.checkCancellation()
        let choices = completion.requests.indices.compactMap { index in
            texts[index].map { Self.choice(index, $0.text, reason: $0.reason) }
        }
        let prompt = texts.values.reduce(0) { $0 + $1.promptTokenCount }
        let answer = texts.values.reduce(0) { $0 + $1.tokens.count }
        var members = common(completion)
        members["choices"] = .list(choices)
        members["usage"] = .object([
            "prompt_tokens": .integer(prompt), "completion_tokens": .integer(answer),
            "total_tokens": .integer(prompt + answer),
        ])
        return .json(.object(members))
    }

    private func stream(_ completion: Completion, _ events: EventStream) async throws {
        let rows = completion.requests.count
        for try await event in generator.answers(to: completion.requests, rows: rows) {
            var members = common(completion)
            switch event {
            case .token(let index, _, let text):
                guard !text.isEmpty else { continue }
                members["choices"] = .list([Self.choice(index, text, reason: nil)])
            case .finished(let index, let text):
                members["choices"] = .list([Self.choice(index, "", reason: text.reason)])
            case .failed(_, let error):
                throw HTTPError(.unprocessableContent, error, at: "body.prompt")
            }
            try await events.send(data: try JSONValue.object(members).line())
        }
        try Task.checkCancellation()
        try await events.send(data: "[DONE]")
    }

    private func common(_ completion: Completion) -> [String: JSONValue] {
        [
            "id": .text(completion.identifier), "object": .text("text_completion"),
            "created": .integer(completion.created), "model": .text(name),
        ]
    }

    private static func choice(_ index: Int, _ text: String, reason: FinishReason?) -> JSONValue {
        let name: JSONValue =
            switch reason {
            case nil: .null
            case .endToken?, .stopText?: .text("stop")
            case .tokenLimit?, .context?, .cancelled?: .text("length")
            }
        return .object([
            "index": .integer(index), "text": .text(text), "finish_reason": name,
            "logprobs": .null,
        ])
    }
}
