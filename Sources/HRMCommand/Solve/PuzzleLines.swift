import Foundation
import HRMData

/// The lines of a file or of standard input, one by one as they come.
///
/// Lines are what `TextDecoder` makes of the bytes, so marks of editors and line ends are no matter.
/// Whatever is decided about the input is decided on whole lines, never on what one read has returned.
/// A line that is far too long for a puzzle is cut, so memory does not depend on what comes.
struct PuzzleLines: Sendable {
    /// One line, or the lines of one puzzle.
    struct Line: Equatable {
        /// Counting from 1, blank lines and comments included.
        var number: Int
        /// The text.
        var text: String
        /// A clause about why this can be no puzzle, where that is known without reading on.
        var problem: String?
    }

    /// An opinion about a line that is looked at ahead of its turn.
    enum Opinion<Result> {
        /// The line is nothing but a comment or blank; it need not be kept if it is the first.
        case skip
        /// The next line is to be looked at, too.
        case goOn
        /// The line has decided.
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

    /// Bytes of a line that are kept.
    static let longest = 1 << 17
    /// Bytes of lines that are looked at ahead of their turn, at most.
    static let longestPreview = 1 << 20

    private static let chunk = 1 << 16
    private static let newline = UInt8(ascii: "\n")

    private let more: @Sendable () throws -> [UInt8]
    private var decoder = TextDecoder()
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var number = 0
    /// What has kept the input from being read; it is told whenever there would be more.
    private var failure: (any Error)?
    /// Lines that were looked at ahead of their turn, or given back.
    private var kept: ArraySlice<Line> = []
    private var skipsToBlank = false

    /// Whether all lines are there already, so that looking ahead keeps nobody waiting.
    let isWhole: Bool
    /// Drawings that follow each other without an empty line; nil where the next one follows none.
    var run: DrawnRun?

    /// The lines of a file.
    init(_ file: FileHandle) {
        self.init(isWhole: Self.isRegular(file.fileDescriptor)) {
            Array(try file.read(upToCount: Self.chunk) ?? Data())
        }
    }

    /// Lines of bytes that come in pieces, the last of which is empty.
    init(isWhole: Bool = false, more: @escaping @Sendable () throws -> [UInt8]) {
        self.isWhole = isWhole
        self.more = more
    }

    /// The lines of standard input, each as soon as it is there: somebody may be typing them.
    static var standardInput: PuzzleLines {
        PuzzleLines(isWhole: isRegular(STDIN_FILENO), more: readStandardInput)
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
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

    /// Looks at lines without taking them, until one decides.
    ///
    /// - Parameter opinion: Given line by line, in their order.
    /// - Returns: What was decided; nil when no line did up to the end, or up to a megabyte of lines that
    ///   are neither blank nor comments.
    /// - Throws: Why the lines cannot be read.
    mutating func lookAhead<Result>(
        _ opinion: (String) -> Opinion<Result>
    ) throws -> Result? {
        var looked: [Line] = []
        defer { kept = looked + kept }
        var length = 0
        while length <= Self.longestPreview, let line = try nextLine() {
            switch opinion(line.text) {
            case .skip where looked.isEmpty: continue
            case .skip, .goOn:
                looked.append(line)
                length += line.text.utf8.count + 1
            case .decided(let result):
                looked.append(line)
                return result
            }
        }
        return nil
    }

    /// The next line, whatever is in it, or nil at the end.
    mutating func nextAsWritten() throws -> Line? {
        while skipsToBlank, let line = try nextLine() {
            skipsToBlank = !line.text.allSatisfy(\.isWhitespace)
        }
        return try nextLine()
    }

    /// Leaves out the lines of a drawing up to the next blank one.
    mutating func skipDrawing() {
        skipsToBlank = true
    }

    /// The next line that is neither blank nor a comment (`#`), without spaces around it, or nil at
    /// the end.
    mutating func next() throws -> Line? {
        while var line = try nextOrBlank() {
            guard !line.text.isEmpty else { continue }
            line.text = line.text.trimmingCharacters(in: .whitespacesAndNewlines)
            return line
        }
        return nil
    }

    /// The next line that is no comment (`#`), as it is written, or nil at the end; the text of one
    /// without anything but spaces is empty.
    mutating func nextOrBlank() throws -> Line? {
        while let line = try nextLine() {
            let start = line.text.first { !$0.isWhitespace }
            if start == nil { return Line(number: line.number, text: "") }
            if start != "#" { return line }
        }
        return nil
    }

    /// Gives the line back that has just been returned; it is returned once more.
    mutating func putBack(_ line: Line) { putBack([line]) }

    /// Gives lines back, the first one first; they are returned once more.
    mutating func putBack(_ lines: [Line]) { kept = lines + kept }

    private mutating func nextLine() throws -> Line? {
        if let line = kept.popFirst() { return line }
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
