package import Foundation
import HRMFiles

/// The texts that a model is trained or examined on.
package enum TextMaterial: Sendable, Equatable {
    /// Prompts with their answers.
    case pairs([TextPair])
    /// A running text.
    case text(String)

    private static let longestText = 1 << 30

    /// Reads a file.
    ///
    /// - Parameter url: A file named `….jsonl` with an object with prompt and answer in each line,
    ///   under the names of ``TextExample``; any other file is a running text.
    /// - Returns: The texts.
    /// - Throws: ``EvaluationError`` with file and line.
    package static func read(_ url: URL) throws(EvaluationError) -> TextMaterial {
        if url.pathExtension == "jsonl" {
            return .pairs(
                try TextExamples.read(url) { object throws(TextExample.Problem) in
                    try TextPair(object)
                })
        }
        do {
            let text = try InputFile.text(url, limit: longestText)
            guard !text.isEmpty else { throw EvaluationError.empty(path: url.path) }
            return .text(text)
        } catch let error as FileError {
            throw .file(error)
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw .file(FileError(.read, path: url.path, reason: "\(error)"))
        }
    }

    /// Returns a tokenizer for the texts.
    ///
    /// - Parameter vocabularySize: The number of tokens of a byte-pair tokenizer that is trained on
    ///   the texts; nil for a token for each byte.
    /// - Returns: The tokenizer.
    /// - Throws: ``TokenizerError`` for a size without room for all bytes.
    package func tokenizer(vocabularySize: Int?) throws(TokenizerError) -> Tokenizer {
        var trainer = try TokenizerTrainer(
            vocabularySize: vocabularySize ?? TokenizerTrainer.byteVocabularySize)
        guard vocabularySize != nil else { return trainer.train() }
        switch self {
        case .pairs(let pairs):
            for pair in pairs {
                trainer.add(pair.prompt)
                trainer.add(pair.answer)
            }
        case .text(let text): trainer.add(text)
        }
        return trainer.train()
    }

    /// Returns the training examples.
    ///
    /// A running text is divided into parts of the context, all of whose tokens count.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer.
    ///   - settings: The context and the loss.
    /// - Returns: At least one example.
    /// - Throws: ``TextTrainingError`` about the first example that does not fit the context, or
    ///   ``GenerationError`` if the tokenizer lacks a control token.
    package func lessons(
        tokenizer: Tokenizer, settings: TextTrainingSettings
    ) throws -> [TextLesson] {
        let format = try PromptFormat(tokenizer)
        switch self {
        case .text(let text):
            let ids = [format.start] + tokenizer.encode(text)
            let lessons = stride(from: 0, to: ids.count - 1, by: settings.context).map { first in
                TextLesson(text: ids[first...min(first + settings.context, ids.count - 1)])
            }
            guard !lessons.isEmpty else { throw TextTrainingError.empty }
            return lessons
        case .pairs(let pairs):
            guard !pairs.isEmpty else { throw TextTrainingError.empty }
            return try pairs.enumerated().map { index, pair in
                let prompt = try format.prompt(pair.prompt, conditions: [], tokenizer: tokenizer)
                let answer =
                    tokenizer.encode(pair.answer) + (format.answerEnd.map { [$0] } ?? [])
                guard !answer.isEmpty else {
                    throw TextTrainingError.example(
                        number: index + 1, reason: "its answer has no tokens")
                }
                guard prompt.count + answer.count - 1 <= settings.context else {
                    throw TextTrainingError.example(
                        number: index + 1,
                        reason: "prompt and answer have \(prompt.count + answer.count) tokens and "
                            + "the context has \(settings.context); shorten it, or allow a longer "
                            + "context")
                }
                return TextLesson(prompt: prompt, answer: answer, objective: settings.objective)
            }
        }
    }
}

/// A prompt with its answer.
package struct TextPair: Sendable, Hashable {
    /// The prompt's text.
    package var prompt: String
    /// The answer's text, with its derivation if it has one.
    package var answer: String

    /// Creates a pair.
    package init(prompt: String, answer: String) {
        self.prompt = prompt
        self.answer = answer
    }
}

extension TextPair {
    /// Reads an object; the first of several answers counts.
    init(_ object: JSONTree) throws(TextExample.Problem) {
        let (members, prompt) = try TextExample.prompt(of: object)
        self.init(prompt: prompt, answer: try TextExample.answers(of: members)[0])
    }
}
