/// Assembles text from bytes that arrive in pieces, without splitting a character.
///
/// Each maximal part of an invalid sequence becomes one U+FFFD, as the Unicode Standard recommends
/// (section 3.9, "U+FFFD Substitution of Maximal Subparts"). The start of a possible character at
/// the end of the bytes is kept until the next bytes decide it.
struct UTF8Assembler {
    private var pending: [UInt8] = []

    /// Returns the text that is certain after further bytes.
    mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending.append(contentsOf: bytes)
        let held = Self.incompleteTail(of: pending)
        let text = String(decoding: pending.dropLast(held), as: UTF8.self)
        pending = Array(pending.suffix(held))
        return text
    }

    /// Returns the rest: one U+FFFD for an incomplete character.
    mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Returns the number of bytes at the end that begin a valid character without ending it.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let first = bytes[bytes.count - count]
            if first & 0xC0 == 0x80 { continue }
            guard let length = length(of: first), length > count else { return 0 }
            guard count > 1 else { return 1 }
            let second = bytes[bytes.count - count + 1]
            return secondBytes(after: first).contains(second) ? count : 0
        }
        return 0
    }

    /// Returns the number of bytes of a character; nil if none begins with this byte.
    private static func length(of first: UInt8) -> Int? {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// Returns the valid second bytes, which exclude overlong forms, surrogates and code points
    /// above U+10FFFF.
    private static func secondBytes(after first: UInt8) -> ClosedRange<UInt8> {
        switch first {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
