import Foundation
import HRMFiles

/// The prompts of `hrm generate`: an argument, standard input, or the lines of a file.
struct TextPrompts {
    private enum Source {
        case text(String?)
        case lines(ByteLines, path: String)
    }

    /// A JSON line: a text, or an object with the member `prompt`.
    private struct Line: Decodable {
        var prompt: String

        private enum Key: String, CodingKey {
            case prompt
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                prompt = text
            } else {
                prompt = try decoder.container(keyedBy: Key.self).decode(
                    String.self, forKey: .prompt)
            }
        }
    }

    /// The largest accepted prompt in bytes.
    private static let mostBytes = 16 << 20

    private var source: Source

    /// Creates the prompts of an argument or standard input.
    ///
    /// - Parameter argument: The prompt; '-' or nil for standard input.
    /// - Throws: ``CommandError`` if standard input is not text, or too long.
    init(argument: String?) throws {
        if let argument, argument != "-" {
            source = .text(argument)
            return
        }
        if isatty(STDIN_FILENO) == 1 {
            Console.tell("Reading a prompt from the terminal; end with Ctrl-D.")
        }
        var bytes: [UInt8] = []
        while bytes.count <= Self.mostBytes {
            let piece = try FileHandle.standardInput.read(upToCount: 1 << 16) ?? Data()
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        guard bytes.count <= Self.mostBytes else {
            throw CommandError("the prompt on standard input has more than 16 MB; shorten it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("the prompt on standard input is not UTF-8 text")
        }
        source = .text(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }

    /// Creates the prompts of a file.
    ///
    /// - Parameter file: A text file with a prompt in each line; `.jsonl` files contain a text or
    ///   an object with the member `prompt` in each line.
    /// - Throws: ``CommandError`` with the file.
    init(file: String) throws {
        do {
            source = .lines(
                ByteLines(try ByteSource(text: URL(fileURLWithPath: file))), path: file)
        } catch {
            throw CommandError("\(file): \(error.reason)")
        }
    }

    /// Returns the next prompt; nil at the end.
    ///
    /// - Throws: ``CommandError`` with file and line.
    mutating func next() throws -> String? {
        switch source {
        case .text(let text):
            source = .text(nil)
            return text
        case .lines(var lines, let path):
            defer { source = .lines(lines, path: path) }
            while true {
                let line: ByteLines.Line?
                do {
                    line = try lines.next()
                } catch .tooLong(let number) {
                    throw CommandError(
                        "\(path), line \(number): it is longer than \(ByteLines.longestLine) "
                            + "bytes; give a long prompt on standard input")
                } catch .file(let problem) {
                    throw CommandError("\(path): \(problem.reason)")
                }
                guard let line else { return nil }
                let bytes = line.bytes.last == 0x0D ? line.bytes.dropLast() : line.bytes
                guard !bytes.isEmpty else { continue }
                return try Self.prompt(Array(bytes), path: path, line: line.number)
            }
        }
    }

    private static func prompt(_ bytes: [UInt8], path: String, line: Int) throws -> String {
        if path.hasSuffix(".jsonl") {
            do {
                return try JSONText.decode(Line.self, from: bytes).prompt
            } catch {
                throw CommandError(
                    "\(path), line \(line): \(error.explanation(hasPlaces: false))")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("\(path), line \(line): it is not UTF-8 text")
        }
        return text
    }
}
