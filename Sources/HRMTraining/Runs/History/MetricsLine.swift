import Foundation

/// A parser for a line of a metrics file: a JSON object whose values are numbers, texts, `null` or
/// Booleans.
///
/// Files of long runs have millions of lines, for which a general JSON parser would take minutes.
struct MetricsLine {
    /// A value.
    enum Value {
        /// A finite number.
        case number(Double)
        /// `null`, which represents a non-finite number.
        case missing
        /// A text or a Boolean.
        case other
    }

    /// A defect in a line.
    struct Damage: Error {
        var reason: String
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var isFirst = true

    init(_ bytes: ArraySlice<UInt8>) throws(Damage) {
        self.bytes = bytes
        position = bytes.startIndex
        try take(UInt8(ascii: "{"), "'{'")
    }

    /// Returns the next member; nil at the end of the line.
    ///
    /// - Returns: The name as written, without quotes, and the value.
    mutating func next() throws(Damage) -> (name: ArraySlice<UInt8>, value: Value)? {
        skipBlanks()
        if peek == UInt8(ascii: "}") {
            position += 1
            skipBlanks()
            guard position == bytes.endIndex else {
                throw Damage(reason: "something follows the object")
            }
            return nil
        }
        if !isFirst { try take(UInt8(ascii: ","), "',' or '}'") }
        isFirst = false
        skipBlanks()
        let name = try takeQuoted()
        try take(UInt8(ascii: ":"), "':'")
        skipBlanks()
        return (name, try takeValue())
    }

    /// Decodes a name with escapes.
    static func text(_ written: ArraySlice<UInt8>) throws(Damage) -> String {
        do {
            let quote = [UInt8(ascii: "\"")]
            return try JSONDecoder().decode(String.self, from: Data(quote + written + quote))
        } catch {
            throw Damage(reason: "a name is not valid JSON")
        }
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8, _ words: String) throws(Damage) {
        skipBlanks()
        guard peek == byte else { throw unexpected(words) }
        position += 1
    }

    private func unexpected(_ wanted: String) -> Damage {
        guard let byte = peek else { return Damage(reason: "it ends where \(wanted) should be") }
        let found =
            (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "the byte \(byte)"
        return Damage(reason: "\(found) is found where \(wanted) should be")
    }

    private mutating func takeQuoted() throws(Damage) -> ArraySlice<UInt8> {
        try take(UInt8(ascii: "\""), "a name in quotes")
        let start = position
        while let byte = peek {
            position += 1
            if byte == UInt8(ascii: "\"") { return bytes[start..<(position - 1)] }
            if byte == UInt8(ascii: "\\"), peek != nil { position += 1 }
        }
        throw Damage(reason: "a quote is not closed")
    }

    private mutating func takeValue() throws(Damage) -> Value {
        switch peek {
        case UInt8(ascii: "\"")?:
            _ = try takeQuoted()
            return .other
        case UInt8(ascii: "n")?:
            try takeWord("null")
            return .missing
        case UInt8(ascii: "t")?:
            try takeWord("true")
            return .other
        case UInt8(ascii: "f")?:
            try takeWord("false")
            return .other
        default: return .number(try takeNumber())
        }
    }

    private mutating func takeWord(_ word: String) throws(Damage) {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        position += word.utf8.count
    }

    private mutating func takeNumber() throws(Damage) -> Double {
        let start = position
        while let byte = peek, Self.isPartOfNumber(byte) { position += 1 }
        let text = bytes[start..<position]
        guard let first = text.first, first == 0x2D || (0x30...0x39).contains(first),
            let value = Double(String(decoding: text, as: UTF8.self))
        else {
            position = start
            throw unexpected("a number, a text or null")
        }
        guard value.isFinite else { throw Damage(reason: "a number is too large") }
        return value
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
        default: false
        }
    }
}
