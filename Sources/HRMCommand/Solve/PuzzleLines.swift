import Foundation

/// The lines of a file or of standard input, one by one as they come.
///
/// A line that is far too long for a puzzle is cut, so memory does not depend on what comes.
struct PuzzleLines: Sendable {
    /// One line.
    struct Line: Equatable {
        /// Counting from 1, blank lines and comments included.
        var number: Int
        /// The text.
        var text: String
    }

    /// Bytes of a line that are kept.
    static let longest = 1 << 17

    private static let chunk = 1 << 16

    private let more: @Sendable () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var number = 0
    private var returned: Line?
    /// Lines that were given back to `nextOrBlank()`, the next one last.
    private var pending: [Line] = []

    /// The lines of a file.
    init(_ file: FileHandle) {
        more = { Array(try file.read(upToCount: Self.chunk) ?? Data()) }
    }

    /// The lines of standard input, each as soon as it is there: somebody may be typing them.
    static var standardInput: PuzzleLines {
        PuzzleLines(more: readStandardInput)
    }

    @Sendable private static func readStandardInput() throws -> [UInt8] {
        // A system call returns what there is; a file handle would wait for more.
        var bytes = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = read(STDIN_FILENO, &bytes, chunk)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EINTR else {
                throw CommandError(String(cString: strerror(errno)))
            }
        }
    }

    /// The text that comes next, as much of it as is there at once, without taking it.
    ///
    /// - Returns: Empty at the end.
    mutating func preview() throws -> String {
        if position == buffer.count { try refill() }
        return String(decoding: buffer[position...], as: UTF8.self)
    }

    private static let newline = UInt8(ascii: "\n")

    private init(more: @escaping @Sendable () throws -> [UInt8]) {
        self.more = more
    }

    /// The next line without its line end, whatever is in it, or nil at the end.
    mutating func nextAsWritten() throws -> Line? {
        guard var bytes = try nextBytes() else { return nil }
        number += 1
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return Line(number: number, text: String(decoding: bytes, as: UTF8.self))
    }

    /// The next line that is neither blank nor a comment (`#`), without spaces around it, or nil at
    /// the end.
    mutating func next() throws -> Line? {
        if let line = returned.take() { return line }
        while let bytes = try nextBytes() {
            number += 1
            let text = String(decoding: bytes, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if !text.isEmpty, !text.hasPrefix("#") { return Line(number: number, text: text) }
        }
        return nil
    }

    /// Gives the line back that `next()` has just returned; it returns that one once more.
    mutating func putBack(_ line: Line) {
        returned = line
    }

    /// The next line that is no comment, as it is written.
    ///
    /// - Returns: The line, without text where it has nothing but spaces; nil at the end.
    mutating func nextOrBlank() throws -> Line? {
        if let line = pending.popLast() { return line }
        while let line = try nextAsWritten() {
            let start = line.text.first { !$0.isWhitespace }
            if start == nil { return Line(number: line.number, text: "") }
            if start != "#" { return line }
        }
        return nil
    }

    /// Gives lines back that `nextOrBlank()` returns once more, the first one first.
    mutating func putBack(_ lines: [Line]) { pending += lines.reversed() }

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
        buffer = isAtEnd ? [] : try more()
        isAtEnd = buffer.isEmpty
    }
}
