/// A strict check of JSON text before a decoder reads it.
///
/// Decoders accept duplicate names in an object silently, and keep one of the values. Names are
/// compared after decoding: `"a"` and `"\u0061"` are equal, and so are the two encodings of `é`.
/// The scanner checks structure, nesting and names; numbers and strings are left to the decoder.
/// Memory use is bounded by the size of the text.
package struct JSONScanner {
    /// The kind of a value.
    package enum Kind: Sendable {
        case object, list, text, number, flag, null
    }

    /// The structure of a text, without its values.
    package struct Outline: Equatable, Sendable {
        /// The kind of the first value at each depth, the root's first; at most four.
        package internal(set) var kinds: [Kind] = []
        /// The names in the first object at each depth; empty for a list.
        package internal(set) var names: [[String]] = []
    }

    /// The maximum nesting depth, which equals that of decoders.
    package static let deepest = 512

    private static let outlineDepth = 4

    /// An open list or object.
    private enum Container {
        case list
        case object(names: Set<String>)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var open: [Container] = []
    private var outline = Outline()
    /// For each depth of the outline, true while its first object is open.
    private var isFirst: [Bool] = []

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Checks a text and returns its outline.
    ///
    /// - Parameter bytes: JSON in UTF-8, with or without a byte order mark.
    /// - Returns: The outline.
    /// - Throws: ``JSONProblem``.
    package static func outline(of bytes: [UInt8]) throws(JSONProblem) -> Outline {
        if let kind = ForeignFile(beginning: bytes) { throw .foreign(kind) }
        var scanner = JSONScanner(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.position = 3 }
        try scanner.run()
        return scanner.outline
    }

    private mutating func run() throws(JSONProblem) {
        skipSpace()
        guard position < bytes.count else { throw .empty }
        try readValues()
        skipSpace()
        guard position == bytes.count else { throw invalid }
    }

    /// Reads a value with all nested ones, without recursion, so that depth does not use the stack.
    private mutating func readValues() throws(JSONProblem) {
        while true {
            if try beginValue() { continue }
            while true {
                guard let container = open.last else { return }
                skipSpace()
                let byte = next
                position += 1
                if byte == UInt8(ascii: ",") {
                    skipSpace()
                    // Decoders accept a trailing comma, so it is accepted here as well.
                    if next != Self.end(of: container) {
                        if case .object = container { try readName() }
                        break
                    }
                    position += 1
                } else if byte != Self.end(of: container) {
                    position -= 1
                    throw invalid
                }
                close()
            }
        }
    }

    /// Reads the first part of a value.
    ///
    /// - Returns: True if a nested value follows.
    private mutating func beginValue() throws(JSONProblem) -> Bool {
        skipSpace()
        guard let first = next else { throw invalid }
        switch first {
        case UInt8(ascii: "{"):
            try begin(.object, Container.object(names: []))
            skipSpace()
            if next != UInt8(ascii: "}") {
                try readName()
                return true
            }
            position += 1
            close()
        case UInt8(ascii: "["):
            try begin(.list, Container.list)
            skipSpace()
            guard next == UInt8(ascii: "]") else { return true }
            position += 1
            close()
        case UInt8(ascii: "\""):
            note(.text)
            _ = try readText()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            note(.number)
            while let byte = next, Self.isInNumber(byte) { position += 1 }
        case UInt8(ascii: "t"): try readWord("true", .flag)
        case UInt8(ascii: "f"): try readWord("false", .flag)
        case UInt8(ascii: "n"): try readWord("null", .null)
        default: throw invalid
        }
        return false
    }

    private mutating func begin(_ kind: Kind, _ container: Container) throws(JSONProblem) {
        guard open.count < Self.deepest else { throw .tooDeep(limit: Self.deepest) }
        note(kind)
        position += 1
        open.append(container)
    }

    private mutating func close() {
        open.removeLast()
        if open.count < isFirst.count { isFirst[open.count] = false }
    }

    /// Records the first value of a depth.
    private mutating func note(_ kind: Kind) {
        guard open.count == outline.kinds.count, open.count < Self.outlineDepth else { return }
        outline.kinds.append(kind)
        outline.names.append([])
        isFirst.append(kind == .object)
    }

    /// Reads a name and the colon after it.
    private mutating func readName() throws(JSONProblem) {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw invalid }
        let start = position
        let name = Self.text(try readText())
        let depth = open.count - 1
        guard case .object(var names) = open[depth] else { throw invalid }
        // The set must be uniquely referenced while it changes, or it would be copied for each
        // name.
        open[depth] = .list
        guard names.insert(name).inserted else {
            position = start
            throw .repeatedName(name, depth: depth, line: place.line)
        }
        open[depth] = .object(names: names)
        if depth < isFirst.count, isFirst[depth] { outline.names[depth].append(name) }
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw invalid }
        position += 1
    }

    /// Reads a string, without quotation marks and with its escapes.
    private mutating func readText() throws(JSONProblem) -> ArraySlice<UInt8> {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw invalid }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else {
            position = bytes.count
            throw invalid
        }
        defer { position += 1 }
        return bytes[start..<position]
    }

    private mutating func readWord(_ word: String, _ kind: Kind) throws(JSONProblem) {
        guard bytes[position...].starts(with: word.utf8) else { throw invalid }
        note(kind)
        position += word.utf8.count
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    package var invalid: JSONProblem { .invalid(line: place.line, column: place.column) }

    private var place: (line: Int, column: Int) {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Columns count characters: UTF-8 continuation bytes are left out.
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return (line, column)
    }

    private static func end(of container: Container) -> UInt8 {
        switch container {
        case .list: UInt8(ascii: "]")
        case .object: UInt8(ascii: "}")
        }
    }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Returns a string with its escapes decoded; invalid ones are left to the decoder.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var units: [UInt16] = []
        var rest = String(decoding: bytes, as: UTF8.self).utf16[...]
        while let unit = rest.popFirst() {
            guard unit == 0x5C, let escape = rest.popFirst() else {
                units.append(unit)
                continue
            }
            switch escape {
            case 0x62: units.append(0x08)
            case 0x66: units.append(0x0C)
            case 0x6E: units.append(0x0A)
            case 0x72: units.append(0x0D)
            case 0x74: units.append(0x09)
            case 0x75:
                let digits = String(decoding: rest.prefix(4), as: UTF16.self)
                units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
                rest = rest.dropFirst(4)
            default: units.append(escape)
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
