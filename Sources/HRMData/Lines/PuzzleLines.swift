package import Foundation
import HRMFiles

/// The lines of a file or of standard input, in order of arrival.
///
/// Lines are decoded by `TextDecoder`, which handles byte order marks and line ends. All decisions
/// are based on whole lines, never on the size of a read. Lines far too long for a puzzle are
/// truncated, so memory is bounded.
package struct PuzzleLines: Sendable {
    /// One line, or the lines of one puzzle.
    package struct Line: Equatable {
        /// The line number, counting from 1, including blank lines and comments.
        package var number: Int
        /// The text.
        package var text: String
        /// A clause that states why this cannot be a puzzle, if known before reading on.
        package var problem: String?

        /// Creates a line with a number, its text and, if known, what is wrong with it.
        package init(number: Int, text: String, problem: String? = nil) {
            self.number = number
            self.text = text
            self.problem = problem
        }
    }

    /// A decision about a previewed line.
    package enum Opinion<Result> {
        /// The line is a comment or blank; at the start it is discarded.
        case skip
        /// The next line must be previewed as well.
        case proceed
        /// A result.
        case decided(Result)
    }

    /// Rows of drawings that follow each other without an empty line.
    struct DrawnRun {
        /// The line of the first row.
        var first: Int
        /// Rows that were taken.
        var taken = 0
        /// Rows that are known to be there.
        var known = 0
    }

    /// The maximum number of bytes kept of a line.
    package static let longest = 1 << 17
    /// Bytes of lines that are looked at ahead of their turn, at most.
    static let longestPreview = 1 << 20

    /// The number of bytes read at a time.
    package static let chunk = 1 << 16
    private static let newline = UInt8(ascii: "\n")

    private let more: @Sendable () throws -> [UInt8]
    private var decoder = TextDecoder()
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var number = 0
    /// The read error, thrown at every attempt to read further lines.
    private var failure: (any Error)?
    /// Lines that were looked at ahead of their turn, or given back.
    ///
    /// The last one is the next one.
    private var kept: [Line] = []
    private var skipsToBlank = false

    /// True if all lines are available, so that looking ahead does not delay an answer.
    package let isWhole: Bool
    /// Drawings that follow each other without an empty line; nil where the next one follows none.
    var run: DrawnRun?

    /// Creates the lines of a file.
    package init(_ file: FileHandle) {
        self.init(isWhole: Self.isRegular(file.fileDescriptor)) {
            Array(try file.read(upToCount: Self.chunk) ?? Data())
        }
    }

    /// Lines of bytes that come in pieces, the last of which is empty.
    package init(isWhole: Bool = false, more: @escaping @Sendable () throws -> [UInt8]) {
        self.isWhole = isWhole
        self.more = more
    }

    /// Returns whether a descriptor is that of a regular file.
    package static func isRegular(_ descriptor: Int32) -> Bool {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// Previews lines without consuming them, until one gives a result.
    ///
    /// - Parameter opinion: Decides about each line, in order.
    /// - Returns: The result; `nil` if there is none before the end, or within a megabyte of lines
    ///   that are neither blank nor comments.
    /// - Throws: The read error.
    package mutating func lookAhead<Result>(
        _ opinion: (String) -> Opinion<Result>
    ) throws -> Result? {
        var looked: [Line] = []
        defer { putBack(looked) }
        var length = 0
        while length <= Self.longestPreview, let line = try nextLine() {
            switch opinion(line.text) {
            case .skip where looked.isEmpty: continue
            case .skip, .proceed:
                looked.append(line)
                length += line.text.utf8.count + 1
            case .decided(let result):
                looked.append(line)
                return result
            }
        }
        return nil
    }

    /// Returns the next line of any kind, or `nil` at the end.
    package mutating func nextAsWritten() throws -> Line? {
        while skipsToBlank, let line = try nextLine() {
            skipsToBlank = !line.text.allSatisfy(\.isWhitespace)
        }
        return try nextLine()
    }

    /// Skips the lines of a drawing up to the next blank one.
    package mutating func skipDrawing() {
        skipsToBlank = true
    }

    /// Returns the next line that is neither blank nor a comment (`#`), without surrounding spaces,
    /// or `nil` at the end.
    package mutating func next() throws -> Line? {
        while var line = try nextOrBlank() {
            guard !line.text.isEmpty else { continue }
            line.text = line.text.trimmingCharacters(in: .whitespacesAndNewlines)
            return line
        }
        return nil
    }

    /// Returns the next line that is not a comment (`#`) as written, or `nil` at the end; a line of
    /// spaces is returned as empty.
    package mutating func nextOrBlank() throws -> Line? {
        while let line = try nextLine() {
            let start = line.text.first { !$0.isWhitespace }
            if start == nil { return Line(number: line.number, text: "") }
            if start != "#" { return line }
        }
        return nil
    }

    /// Puts back the line just returned, to be returned again.
    package mutating func putBack(_ line: Line) { putBack([line]) }

    /// Gives lines back, the first one first; they are returned once more.
    package mutating func putBack(_ lines: [Line]) { kept += lines.reversed() }

    private mutating func nextLine() throws -> Line? {
        if let line = kept.popLast() { return line }
        guard let bytes = try nextBytes() else { return nil }
        number += 1
        return Line(number: number, text: String(decoding: bytes, as: UTF8.self))
    }

    private mutating func nextBytes() throws -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if position == buffer.count {
                try refill()
                if buffer.isEmpty { return line.isEmpty ? nil : line }
            }
            let rest = buffer[position...]
            let end = rest.firstIndex(of: Self.newline)
            line += rest[..<(end ?? rest.endIndex)].prefix(max(0, Self.longest - line.count))
            position = end.map { $0 + 1 } ?? buffer.count
            if end != nil { return line }
        }
    }

    private mutating func refill() throws {
        position = 0
        buffer = []
        if let failure { throw failure }
        do {
            while buffer.isEmpty, !isAtEnd {
                let bytes = try more()
                isAtEnd = bytes.isEmpty
                buffer = isAtEnd ? decoder.finish() : try decoder.decode(bytes)
            }
        } catch {
            failure = error
            throw error
        }
    }
}
