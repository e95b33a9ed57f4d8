/// An incremental decoder of text files to plain UTF-8.
///
/// It handles everything that editors add to text: a byte order mark at the beginning (or in the
/// middle of concatenated files), UTF-16 instead of UTF-8, and line ends of one or two characters.
/// The output is UTF-8 without a byte order mark, and every line ends in a line feed.
package struct TextDecoder {
    /// The character encoding.
    private enum Encoding {
        case utf8
        case utf16(isBigEndian: Bool)
    }

    /// The line end of the output.
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The encoding; known after the first bytes.
    private var encoding: Encoding?
    /// The first bytes, kept until the encoding is known.
    private var beginning: [UInt8] = []
    /// The first byte of an incomplete UTF-16 code unit.
    private var half: UInt8?
    /// The high surrogate of an incomplete pair.
    private var highSurrogate: UInt16?
    /// True if the last byte was a carriage return, already output as a line feed.
    private var endsInReturn = false
    /// The number of matched bytes of a byte order mark at the beginning of a line.
    private var matched = 0
    private var isAtLineStart = true

    package init() {}

    /// Decodes the next bytes.
    ///
    /// - Parameter bytes: Bytes as they are in the file.
    /// - Returns: UTF-8; it may be empty before the end of the file.
    /// - Throws: ``FileProblem`` with the encoding, if it is not supported.
    package mutating func decode(_ bytes: [UInt8]) throws(FileProblem) -> [UInt8] {
        let known: Encoding
        var bytes = bytes
        if let encoding {
            known = encoding
        } else {
            bytes = beginning + bytes
            guard let found = try Self.encoding(of: bytes) else {
                beginning = bytes
                return []
            }
            beginning = []
            encoding = found
            known = found
        }
        switch known {
        case .utf8: return plain(bytes)
        case .utf16(let isBigEndian):
            return plain(utf8(fromUTF16: bytes, isBigEndian: isBigEndian))
        }
    }

    /// Returns the rest of the text at the end of the file.
    package mutating func finish() -> [UInt8] {
        // A file too short to determine the encoding is text, or the start of a byte order mark.
        if encoding == nil {
            encoding = .utf8
            let rest = plain(beginning)
            beginning = []
            return rest + finish()
        }
        let isCut = half != nil || highSurrogate != nil
        half = nil
        highSurrogate = nil
        let rest = Array(Self.mark.prefix(matched))
        matched = 0
        return rest + (isCut ? Array("\u{FFFD}".utf8) : [])
    }

    /// Decodes a whole text.
    ///
    /// - Parameter bytes: Bytes as they are in a file.
    /// - Returns: UTF-8 without a byte order mark, with line feeds as line ends.
    /// - Throws: ``FileProblem`` with the encoding, if it is not supported.
    package static func decoded(_ bytes: [UInt8]) throws(FileProblem) -> [UInt8] {
        var decoder = TextDecoder()
        let text = try decoder.decode(bytes)
        return text + decoder.finish()
    }

    /// Normalizes a text in memory, such as a command's argument.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text without a byte order mark, with line feeds as line ends.
    package static func plain(_ text: String) -> String {
        var decoder = TextDecoder()
        decoder.encoding = .utf8
        let bytes = decoder.plain(Array(text.utf8)) + decoder.finish()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the encoding indicated by the first bytes; `nil` if there are too few.
    private static func encoding(of bytes: [UInt8]) throws(FileProblem) -> Encoding? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0xFF where bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00]),
            0x00 where bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF]):
            throw FileProblem(reason: "it is UTF-32 text; save it as UTF-8")
        case 0xFF, 0xFE:
            // The first four bytes distinguish UTF-32 from UTF-16.
            guard bytes.count >= 4 || bytes.count >= 2 && bytes[1] < 0xFE else { return nil }
            if bytes.starts(with: [0xFF, 0xFE]) { return .utf16(isBigEndian: false) }
            if bytes.starts(with: [0xFE, 0xFF]) { return .utf16(isBigEndian: true) }
            return .utf8
        case 0x00:
            guard bytes.count >= 4 else { return nil }
            return try withoutMark(bytes)
        default:
            // A typed character is passed on at once; a following zero byte is still recognized.
            guard bytes.count >= 2 else { return first < 0x80 ? .utf8 : nil }
            return try withoutMark(bytes)
        }
    }

    /// Recognizes UTF-16 without a mark: every other byte of its Latin letters is zero, unlike in
    /// UTF-8.
    private static func withoutMark(_ bytes: [UInt8]) throws(FileProblem) -> Encoding {
        let sample = bytes.prefix(64)
        let zeros = sample.indices.filter { sample[$0] == 0 }
        let places = Set(zeros.map { $0 % 2 })
        if places.count == 1, zeros.count * 3 >= sample.count {
            throw FileProblem(
                reason: "it is UTF-16 text without a byte order mark; save it as UTF-8")
        }
        return .utf8
    }

    /// Converts UTF-16 to UTF-8; invalid code units become U+FFFD.
    private mutating func utf8(fromUTF16 bytes: [UInt8], isBigEndian: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        func add(_ value: UInt32) {
            let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
            result.append(contentsOf: String(Character(scalar)).utf8)
        }
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let (high, low) = isBigEndian ? (first, byte) : (byte, first)
            let unit = UInt16(high) << 8 | UInt16(low)
            if let surrogate = highSurrogate {
                highSurrogate = nil
                if (0xDC00...0xDFFF).contains(unit) {
                    add(0x10000 + (UInt32(surrogate - 0xD800) << 10) + UInt32(unit - 0xDC00))
                    continue
                }
                add(0xFFFD)
            }
            if (0xD800...0xDBFF).contains(unit) {
                highSurrogate = unit
            } else {
                add(UInt32(unit))
            }
        }
        return result
    }

    /// Returns UTF-8 without byte order marks, with line feeds as line ends.
    private mutating func plain(_ bytes: [UInt8]) -> [UInt8] {
        let isPlain = !isAtLineStart && matched == 0 && !endsInReturn
        if isPlain, !bytes.contains(Self.carriageReturn), !bytes.contains(Self.mark[0]) {
            isAtLineStart = bytes.last.map { $0 == Self.lineFeed } ?? isAtLineStart
            return bytes
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            let followsReturn = endsInReturn
            endsInReturn = byte == Self.carriageReturn
            if followsReturn, byte == Self.lineFeed { continue }
            if isAtLineStart {
                if byte == Self.mark[matched] {
                    matched = (matched + 1) % Self.mark.count
                    continue
                }
                result.append(contentsOf: Self.mark.prefix(matched))
                matched = 0
            }
            let isEnd = endsInReturn || byte == Self.lineFeed
            result.append(isEnd ? Self.lineFeed : byte)
            isAtLineStart = isEnd
        }
        return result
    }
}

/// A sequential reader of a file's text as UTF-8; see ``TextDecoder``.
package struct TextSource {
    private var source: ByteSource
    private var decoder = TextDecoder()
    private var isAtEnd = false

    package init(_ source: ByteSource) {
        self.source = source
    }

    /// Returns the text of the next bytes, which may be somewhat more or fewer than `count`.
    ///
    /// - Parameter count: The number of bytes of the file.
    /// - Returns: UTF-8 without a byte order mark, with line feeds as line ends; empty only at the
    ///   end.
    /// - Throws: ``FileProblem`` with a sentence if the file cannot be read.
    package mutating func read(upTo count: Int) throws(FileProblem) -> [UInt8] {
        while !isAtEnd {
            let bytes = try source.read(upTo: count)
            isAtEnd = bytes.isEmpty
            let text = isAtEnd ? decoder.finish() : try decoder.decode(bytes)
            if !text.isEmpty { return text }
        }
        return []
    }

    package func close() {
        source.close()
    }
}
