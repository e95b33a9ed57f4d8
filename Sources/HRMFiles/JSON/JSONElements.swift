/// The values of a JSON file, one by one: those of a list, or those that follow each other.
///
/// Only a piece of the file and one value are held in memory.
package struct JSONElements {
    /// One value.
    package struct Element {
        /// The line that it begins on, counting from 1.
        package var line: Int
        /// Its text.
        package var bytes: [UInt8]
    }

    /// What is wrong with the file.
    package enum Problem: Error {
        case file(FileProblem)
        case tooLong(line: Int)
        /// Something between the values that does not belong there, or an end that is missing.
        case invalid(line: Int)
    }

    /// Longer values, in bytes, are refused: the file is something else.
    package static let longest = TextLines.longestLine

    /// How the values are joined.
    private enum Form {
        case unknown
        /// One after the other.
        case sequence
        /// In a list; whether a value may come next.
        case list(mayBegin: Bool)
        /// After the end of a list.
        case ended
    }

    private var source: TextSource
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    private var form = Form.unknown

    /// The values of a file.
    package init(source: ByteSource) {
        self.source = TextSource(source)
    }

    /// The next value, or `nil` at the end of the file.
    ///
    /// What is returned ends where its brackets are closed, and may be no JSON for all that.
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

    /// Passes over a byte order mark, and the bracket that begins a list of values.
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

    /// Reads a value to its last bracket; one without brackets, to where it must have ended.
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
