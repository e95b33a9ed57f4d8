/// The values of a JSON file, one at a time: those of a list, or a sequence of values.
///
/// Only a part of the file and one value are in memory.
package struct JSONElements {
    /// A value.
    package struct Element {
        /// The number of its first line, counting from 1.
        package var line: Int
        /// The bytes of its text.
        package var bytes: [UInt8]
    }

    /// The problems of a file.
    package enum Problem: Error {
        case file(FileProblem)
        case tooLong(line: Int)
        /// An unexpected character between values, or a missing end.
        case invalid(line: Int)
    }

    /// The maximum length of a value in bytes; longer ones indicate a file of another kind.
    package static let longest = TextLines.longestLine

    /// The arrangement of the values.
    private enum Form {
        case unknown
        /// A sequence of values.
        case sequence
        /// A list; true if a value may come next.
        case list(mayBegin: Bool)
        /// The end of a list.
        case ended
    }

    private var source: TextSource
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    private var form = Form.unknown

    /// Creates a reader of a file's values.
    package init(source: ByteSource) {
        self.source = TextSource(source)
    }

    /// Returns the next value, or `nil` at the end of the file.
    ///
    /// The value ends with its closing bracket, but is not necessarily valid JSON.
    package mutating func next() throws(Problem) -> Element? {
        if case .unknown = form { try begin() }
        while let byte = try peek() {
            switch (byte, form) {
            case (0x20, _), (0x09, _), (0x0A, _), (0x0D, _): advance(over: byte)
            case (UInt8(ascii: ","), .list(mayBegin: false)):
                advance(over: byte)
                form = .list(mayBegin: true)
            case (UInt8(ascii: "]"), .list):
                advance(over: byte)
                form = .ended
            case (_, .list(mayBegin: true)):
                form = .list(mayBegin: false)
                return try element()
            case (_, .sequence): return try element()
            default: throw .invalid(line: line)
            }
        }
        if case .list = form { throw .invalid(line: line) }
        return nil
    }

    /// Skips a byte order mark, and the bracket that begins a list of values.
    private mutating func begin() throws(Problem) {
        try refill()
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        form = .sequence
        while let byte = try peek() {
            guard [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "[")].contains(byte) else { return }
            advance(over: byte)
            if byte == UInt8(ascii: "[") {
                form = .list(mayBegin: true)
                return
            }
        }
    }

    /// Reads a value to its last bracket; a value without brackets, to the next possible end.
    private mutating func element() throws(Problem) -> Element {
        var element = Element(line: line, bytes: [])
        var depth = 0
        var isText = false
        var isEscaped = false
        while let byte = try peek() {
            if depth == 0, !isText, !element.bytes.isEmpty, [0x2C, 0x5D, 0x0A].contains(byte) {
                return element
            }
            advance(over: byte)
            element.bytes.append(byte)
            guard element.bytes.count <= Self.longest else { throw .tooLong(line: element.line) }
            if isText {
                if !isEscaped, byte == UInt8(ascii: "\"") { isText = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return element }
            default: break
            }
        }
        return element
    }

    private mutating func advance(over byte: UInt8) {
        position += 1
        if byte == 0x0A { line += 1 }
    }

    private mutating func peek() throws(Problem) -> UInt8? {
        if position == piece.count { try refill() }
        return position < piece.count ? piece[position] : nil
    }

    private mutating func refill() throws(Problem) {
        guard !isAtEnd else { return }
        position = 0
        do {
            piece = try source.read(upTo: 1 << 18)
        } catch {
            throw .file(error)
        }
        guard piece.isEmpty else { return }
        isAtEnd = true
        source.close()
    }
}
