package import Foundation
import HRMFiles

/// The examples of a JSON-lines file.
package enum TextExamples {
    /// Reads the first examples of a file.
    ///
    /// - Parameters:
    ///   - url: A file with one JSON object in each line; empty lines are skipped.
    ///   - limit: The largest number of examples; nil for all.
    /// - Returns: At least one example.
    /// - Throws: ``EvaluationError`` with the line.
    package static func read(
        _ url: URL, limit: Int? = nil
    ) throws(EvaluationError) -> [TextExample] {
        try read(url, limit: limit) { object throws(TextExample.Problem) in
            try TextExample(object)
        }
    }

    /// Reads the first objects of a file with a reader of your own.
    static func read<Example>(
        _ url: URL, limit: Int? = nil, _ parse: (JSONTree) throws(TextExample.Problem) -> Example
    ) throws(EvaluationError) -> [Example] {
        var lines: ByteLines
        do {
            lines = ByteLines(try ByteSource(text: url))
        } catch {
            throw .file(FileError(.read, path: url.path, reason: error.reason))
        }
        var examples: [Example] = []
        while examples.count < limit ?? .max, let line = try next(&lines, url) {
            let bytes = line.bytes.last == 0x0D ? line.bytes.dropLast() : line.bytes
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
            func fail(_ reason: String) -> EvaluationError {
                .line(path: url.path, line: line.number, reason: reason)
            }
            let object: JSONTree
            do {
                object = try JSONText.decode(JSONTree.self, from: Array(bytes))
            } catch {
                throw fail(error.explanation(hasPlaces: false))
            }
            do throws(TextExample.Problem) {
                examples.append(try parse(object))
            } catch {
                throw fail(error.reason)
            }
        }
        guard !examples.isEmpty else { throw .empty(path: url.path) }
        return examples
    }

    private static func next(
        _ lines: inout ByteLines, _ url: URL
    ) throws(EvaluationError) -> ByteLines.Line? {
        do {
            return try lines.next()
        } catch {
            switch error {
            case .file(let problem):
                throw .file(FileError(.read, path: url.path, reason: problem.reason))
            case .tooLong(let line):
                throw .line(
                    path: url.path, line: line,
                    reason: "it is longer than \(ByteLines.longestLine) bytes")
            }
        }
    }
}
