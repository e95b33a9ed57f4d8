import HRMData
import HRMFiles
import HRMInference
import HRMPretrained

/// The model and the boards of a request about puzzles.
struct PuzzleSelection: Sendable {
    /// The identifier of the model, if the request names one.
    var model: String?
    /// The boards, if the request names them.
    var task: PuzzleTask?

    /// Reads the members `model` and `task`.
    ///
    /// - Throws: ``HTTPError`` with the member.
    init(_ members: inout RequestMembers) throws(HTTPError) {
        model = try members.text("model", atMost: 1000)
        if let task = try members.object("task") { self.task = try PuzzleTask(task) }
    }

    /// Returns the model for puzzles.
    ///
    /// - Parameters:
    ///   - text: The puzzles; without a model or boards, their notation decides.
    ///   - library: The models.
    /// - Returns: The model, whose task is known.
    /// - Throws: ``HTTPError`` if there is none.
    func model(for text: String, in library: ModelLibrary) async throws -> ModelLibrary.Loaded {
        if let model {
            let loaded = try await library.model(model, for: task)
            guard loaded.task != nil else {
                throw HTTPError(
                    .unprocessableContent, "the model does not solve puzzles in text",
                    at: "body.model", remedy: "use another one of /v1/models")
            }
            return loaded
        }
        if let task {
            for entry in library.entries() {
                guard let loaded = try? await library.model(entry.identifier) else { continue }
                if loaded.task == task { return loaded }
                if loaded.isSearch,
                    let fitted = try? await library.model(entry.identifier, for: task)
                {
                    return fitted
                }
            }
            throw HTTPError(
                .unprocessableContent, "no model is for these boards", at: "body.task",
                remedy: "train one, and name its folder with --runs or --models")
        }
        var recognizer = PuzzleRecognizer()
        guard let found = Self.recognize(text, &recognizer) else {
            throw HTTPError(
                .unprocessableContent,
                recognizer.nearMiss ?? "the text has no puzzle of the included models",
                at: "body.puzzle", remedy: PretrainedModel.notation)
        }
        return try await library.model(found.rawValue)
    }

    private static func recognize(
        _ text: String, _ recognizer: inout PuzzleRecognizer
    ) -> PretrainedModel? {
        for line in TextDecoder.plain(text).split(whereSeparator: \.isNewline) {
            if case .model(let model) = recognizer.read(line) { return model }
        }
        return recognizer.assumption
    }
}
