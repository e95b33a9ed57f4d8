import ArgumentParser
import Foundation
import HRMFiles
import HRMText

/// Prints answers in the order of their prompts: the first unfinished one as it grows, the others
/// when it is their turn.
struct AnswerWriter {
    /// An answer that is not printed completely.
    private struct Waiting {
        var prompt: String
        /// The text that is not printed yet.
        var text = ""
        var answer: GeneratedText?
        var error: GenerationError?
        /// True if its first part is printed.
        var isBegun = false
    }

    /// Reads the passes of an answer; nil if they are not shown.
    var lens: ((GeneratedText) throws -> LensTable)?
    /// The files for pictures of the passes; nil if they are not drawn.
    var pictures: PictureOptions?
    /// False to draw the passes only.
    var showsTable = true
    private let showsPrompts: Bool
    private let start = ContinuousClock.now
    private var firstToken: ContinuousClock.Instant?
    private var json: JSONStream?
    private var waiting: [Int: Waiting] = [:]
    private var next = 0
    private var answers = 0
    private var errors = 0
    private var tokens = 0

    /// - Parameters:
    ///   - showsPrompts: True to print each prompt before its answer.
    ///   - isJSON: True to print one JSON object.
    init(showsPrompts: Bool, isJSON: Bool) {
        self.showsPrompts = showsPrompts
        json = isJSON ? JSONStream(list: "answers") : nil
    }

    /// Announces a prompt.
    mutating func expect(_ prompt: String, number: Int) {
        waiting[number] = Waiting(prompt: prompt)
    }

    /// Prints what an event makes certain.
    ///
    /// - Throws: ``CommandError`` if writing fails.
    mutating func write(_ event: GenerationEvent) throws {
        switch event {
        case .token(let number, let id, let text):
            if id != nil { tokens += 1 }
            if firstToken == nil { firstToken = .now }
            waiting[number]?.text += text
        case .finished(let number, let answer): waiting[number]?.answer = answer
        case .failed(let number, let error): waiting[number]?.error = error
        }
        while let current = waiting[next] {
            guard try writeNext(current) else { return }
            waiting[next] = nil
            next += 1
        }
    }

    /// Prints the answer whose turn it is.
    ///
    /// - Returns: True if it is complete.
    private mutating func writeNext(_ current: Waiting) throws -> Bool {
        if let error = current.error {
            errors += 1
            Console.tell("Error: \(showsPrompts ? "prompt \(next + 1): " : "")\(error)")
            try json?.add(
                .object([
                    "error": .text("\(error)"), "index": .integer(next),
                    "prompt": .text(current.prompt),
                ]))
            return true
        }
        if json == nil {
            if showsPrompts, !current.isBegun {
                try Console.print("> \(PuzzlePlace.shown(current.prompt, most: 200))")
            }
            if !current.text.isEmpty { try Console.print(current.text, terminator: "") }
            waiting[next]?.isBegun = true
            waiting[next]?.text = ""
        }
        guard let answer = current.answer else { return false }
        answers += 1
        let table = try lens?(answer)
        try json?.add(
            Self.members(
                of: answer, prompt: current.prompt, index: next,
                trace: showsTable ? table?.value : nil))
        if json == nil {
            try Console.print(showsPrompts ? "\n" : "")
            if let table, showsTable { try Console.print("\n" + table.text, terminator: "") }
        }
        if let pictures {
            guard let sheet = table?.picture else {
                Console.tell("Note: the answer has no tokens, so there is nothing to draw")
                return true
            }
            try pictures.write(sheet)
            if answer.tokens.count > LensPicture.mostTokens {
                Console.tell("Note: the first \(LensPicture.mostTokens) tokens are drawn")
            }
        }
        return true
    }

    private static func members(
        of answer: GeneratedText, prompt: String, index: Int, trace: JSONValue?
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "index": .integer(index), "prompt": .text(prompt), "text": .text(answer.text),
            "tokens": .list(answer.tokens.map { .integer(Int($0)) }),
            "reason": .text(answer.reason.rawValue),
            "prompt_tokens": .integer(answer.promptTokenCount),
            "completion_tokens": .integer(answer.tokens.count),
        ]
        members["trace"] = trace
        return .object(members)
    }

    /// Prints the end of the JSON object, and the speed.
    ///
    /// - Throws: The exit status if there was an error.
    func finish() throws {
        let seconds = (ContinuousClock.now - start).seconds
        // The first token needs the prompt; the others show the speed.
        let later = firstToken.map { (ContinuousClock.now - $0).seconds } ?? 0
        let rate = tokens > 1 && later > 0 ? Double(tokens - 1) / later : 0
        if let json {
            try json.finish([
                "count": .integer(answers), "errors": .integer(errors),
                "seconds": .number(seconds), "tokens": .integer(tokens),
                "tokens_per_second": .number(rate),
            ])
        } else if tokens > 0 {
            let first = String(format: "%.2f", seconds - later)
            let speed = rate > 0 ? String(format: ", then %.1f a second", rate) : ""
            Console.tell("\(tokens.counted("token")); the first after \(first) s\(speed)")
        }
        if errors > 0 { throw ExitCode(ExitStatus.failed) }
    }
}
