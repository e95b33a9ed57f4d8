/// A problem in a header, without the file's name.
struct HeaderProblem: Error, Equatable {
    package var reason: String
}

/// A scanner for the subset of JSON that safetensors headers use.
///
/// Foundation's decoder silently keeps the last of two equal keys, but a tensor name that occurs
/// twice indicates a damaged or forged file. The scanner never recurses, so no input can exhaust
/// the stack.
struct HeaderScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the expected character, after optional white space.
    mutating func expect(_ character: Unicode.Scalar) throws(HeaderProblem) {
        guard consume(character) else { throw problem("'\(character)' expected") }
    }

    /// Reads the next key of an object and the colon after it.
    ///
    /// - Parameter count: The number of members of the object already read.
    /// - Returns: The key; nil at the end of the object.
    /// - Throws: ``HeaderProblem`` if neither follows.
    mutating func nextKey(after count: Int) throws(HeaderProblem) -> String? {
        if consume("}") { return nil }
        if count > 0 { try expect(",") }
        let key = try string()
        try expect(":")
        return key
    }

    /// Reads an array of non-negative integers.
    ///
    /// - Parameter limit: The maximum number of elements.
    /// - Returns: The numbers.
    /// - Throws: ``HeaderProblem`` if no such array follows.
    mutating func counts(atMost limit: Int) throws(HeaderProblem) -> [Int] {
        try expect("[")
        var values: [Int] = []
        while !consume("]") {
            if !values.isEmpty { try expect(",") }
            guard values.count < limit else { throw problem("at most \(limit) numbers expected") }
            values.append(try count())
        }
        return values
    }

    /// Reads the word `null` if it comes next.
    ///
    /// - Returns: True if the word was read.
    mutating func consumeNull() -> Bool { consume(word: "null") }

    /// Skips a value of any kind.
    mutating func skipValue() throws(HeaderProblem) {
        let deepest = 64
        // For each open array or object its closing character, and a flag for at least one member.
        var open: [(end: Unicode.Scalar, isStarted: Bool)] = []
        repeat {
            if let level = open.last {
                if consume(level.end) {
                    open.removeLast()
                    continue
                }
                if level.isStarted { try expect(",") }
                open[open.count - 1].isStarted = true
                if level.end == "}" {
                    _ = try string()
                    try expect(":")
                }
            }
            if consume("{") {
                open.append(("}", false))
            } else if consume("[") {
                open.append(("]", false))
            } else {
                try skipScalar()
            }
            guard open.count <= deepest else { throw problem("a value is nested too deeply") }
        } while !open.isEmpty
    }

    private mutating func skipScalar() throws(HeaderProblem) {
        skipSpace()
        guard position < bytes.count else { throw problem("a value is expected") }
        if bytes[position] == UInt8(ascii: "\"") {
            _ = try string()
            return
        }
        if consume(word: "null") || consume(word: "true") || consume(word: "false") { return }
        let start = position
        while position < bytes.count, "+-.0123456789eE".utf8.contains(bytes[position]) {
            position += 1
        }
        guard Double(String(decoding: bytes[start..<position], as: UTF8.self)) != nil else {
            throw problem("a value is expected")
        }
    }

    private mutating func consume(word: StaticString) -> Bool {
        skipSpace()
        let text = Array("\(word)".utf8)
        guard bytes[position...].starts(with: text) else { return false }
        position += text.count
        return true
    }

    /// Reads a string and resolves its escapes.
    mutating func string() throws(HeaderProblem) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            guard let byte = take() else { throw problem("a string has no end") }
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("a string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw problem("a control character is found in a string")
            default: text.append(byte)
            }
        }
    }

    /// Checks that only white space remains.
    mutating func end() throws(HeaderProblem) {
        skipSpace()
        guard position == bytes.count else { throw problem("text follows the JSON object") }
    }

    private mutating func count() throws(HeaderProblem) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, let digit = Self.value(ofDigit: bytes[position], base: 10) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw problem("a number is too large") }
            value = sum
            position += 1
        }
        let digits = position - start
        guard digits > 0, digits == 1 || bytes[start] != UInt8(ascii: "0") else {
            throw problem("a whole number that is not negative is expected")
        }
        return value
    }

    private mutating func escape() throws(HeaderProblem) -> Unicode.Scalar {
        switch take() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else { break }
            let pair = [unit, try codeUnit()]
            guard let text = String(validating: pair, as: UTF16.self),
                let scalar = text.unicodeScalars.first
            else { break }
            return scalar
        default: break
        }
        throw problem("an escape in a string is not valid")
    }

    private mutating func codeUnit() throws(HeaderProblem) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = take(), let digit = Self.value(ofDigit: byte, base: 16) else {
                throw problem("an escape in a string is not valid")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private static func value(ofDigit byte: UInt8, base: Int) -> Int? {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): value = byte - UInt8(ascii: "A") + 10
        default: return nil
        }
        return value < base ? Int(value) : nil
    }

    private mutating func consume(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func take() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func problem(_ reason: String) -> HeaderProblem {
        HeaderProblem(reason: "\(reason) at byte \(8 + min(position, bytes.count))")
    }
}
