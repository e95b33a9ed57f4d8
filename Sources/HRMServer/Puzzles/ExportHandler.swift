import Foundation
import HRM
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel

/// Draws an answer, or the thinking that led to it, as a file.
struct ExportHandler: Sendable {
    let library: ModelLibrary
    let load: ServerLoad

    private enum Format: String, CaseIterable {
        case svg, png, gif, json

        var contentType: String {
            switch self {
            case .svg: "image/svg+xml"
            case .png: "image/png"
            case .gif: "image/gif"
            case .json: "application/json; charset=utf-8"
            }
        }
    }

    private enum Thinking: String, CaseIterable { case none, steps, cycles }

    /// The most moments that are drawn, so that pictures remain usable.
    private static let mostMoments = 200

    /// Answers `POST /v1/export`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let text = try members.requiredText("puzzle")
        let selection = try PuzzleSelection(&members)
        let choices = try InferenceChoices(try members.object("options"))
        guard let format = try members.choice("format", of: Format.self) else {
            throw members.problem("format", "it is missing", remedy: "send svg, png, gif or json")
        }
        var thinking = try members.choice("thinking", of: Thinking.self) ?? .none
        try members.finish()
        if format == .gif, thinking == .none { thinking = .steps }
        let model = try await selection.model(for: text, in: library)
        guard let task = model.task else { throw SolveHandler.noPuzzle(nil) }
        let reading = try WrittenPuzzles.readings(of: text, task: task, atMost: 1000)[0]
        guard let question = reading.question else { throw SolveHandler.noPuzzle(reading.problem) }
        var usual = model.reasoner.plan
        if thinking != .none { usual.restarts = 0 }
        let plan = choices.options(otherwise: usual, for: model.file.model)
        guard thinking == .none || plan.attempts == 1 else {
            throw members.problem(
                "options", "the thinking is that of one attempt",
                remedy: "leave out votes, starts and restarts")
        }
        let detail = thinking
        let content = try await load.with(1, .puzzles) {
            try await TimeLimit.run(seconds: load.limits.requestSeconds) {
                try await Self.content(question, plan: plan, format, detail, model)
            }
        }
        return HTTPResponse(
            headers: [
                ("content-type", format.contentType), ("cache-control", "no-store"),
                ("content-disposition", "attachment; filename=\"hrm.\(format.rawValue)\""),
            ],
            body: .data(content))
    }

    private static func content(
        _ question: PuzzleQuestion, plan: InferenceOptions, _ format: Format,
        _ thinking: Thinking, _ model: ModelLibrary.Loaded
    ) async throws -> Data {
        guard thinking != .none else {
            var answer: Reasoner.Answer?
            for await result in model.reasoner.answers(to: [question], plan: plan) {
                do {
                    answer = try result.get()
                } catch {
                    throw HTTPError(.unprocessableContent, error, at: "body.puzzle")
                }
            }
            guard let answer else { throw CancellationError() }
            let found = answer
            return try await OwnThread.run { try picture(of: found, format) }
        }
        let traced = try await TracedAnswer.make(
            of: question, plan: plan, detail: thinking == .steps ? .steps : .cycles,
            model: model.file.model)
        guard traced.puzzle.moments.count <= mostMoments || format == .json else {
            throw HTTPError(
                .unprocessableContent,
                "the thinking has \(traced.puzzle.moments.count) moments, at most \(mostMoments) are drawn",
                at: "body.options", remedy: "send fewer thinking_steps, or ask for json")
        }
        let dimensions = model.file.model.dimensions
        guard
            let appearance = TokenAppearance(
                task: model.task, vocabularySize: dimensions.vocabularySize,
                sequenceLength: dimensions.sequenceLength)
        else {
            throw HTTPError(
                .unprocessableContent, "puzzles of this size are not drawn", at: "body.puzzle",
                remedy: "ask for json")
        }
        return try await OwnThread.run {
            try picture(of: traced, format, appearance)
        }
    }

    private static func picture(of answer: Reasoner.Answer, _ format: Format) throws -> Data {
        let sheet = PictureSheet(rows: [answer.panels])
        return switch format {
        case .svg: Data(sheet.svg.utf8)
        case .png: Data(sheet.png)
        case .gif, .json: Data((try JSONValue.object(answer.members()).line() + "\n").utf8)
        }
    }

    private static func picture(
        of traced: TracedAnswer, _ format: Format, _ appearance: TokenAppearance
    ) throws -> Data {
        if format == .gif {
            return Data(AnimatedSheet(frames: traced.puzzle.frames(appearance)).gif)
        }
        if format == .json {
            var members = traced.answer.members()
            members["trace"] = traced.puzzle.members
            return Data((try JSONValue.object(members).line() + "\n").utf8)
        }
        let sheet = FigureSheet([
            .pictures(PictureSheet(rows: traced.puzzle.rows(appearance))),
            .charts(ChartSheet(charts: traced.puzzle.charts)),
        ])
        return format == .svg ? Data(sheet.svg.utf8) : Data(sheet.png)
    }
}
