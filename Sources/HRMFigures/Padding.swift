extension String {
    /// The text with `filler` in front until it is `width` characters wide.
    func leftPadded(to width: Int, with filler: Character = " ") -> String {
        String(repeating: filler, count: max(0, width - count)) + self
    }

    /// The text with spaces behind it until it is `width` characters wide.
    func rightPadded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// The text with spaces on both sides until it is `width` characters wide; an odd one goes
    /// behind.
    func centered(in width: Int) -> String {
        let front = max(0, width - count) / 2
        return (String(repeating: " ", count: front) + self).rightPadded(to: width)
    }

    /// The text without the spaces at its end.
    var withoutTrailingSpaces: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}

extension String {
    /// The text with escapes such as `\u001b` for what would steer a terminal or turn the order of its
    /// letters; line feeds are escaped, too.
    public var withoutControlCharacters: String {
        guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            text += scalar.steersTerminals ? scalar.escapedForDisplay : String(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// Whether a terminal obeys the character instead of showing it: control characters, marks and
    /// overrides of the writing direction, and separators of lines.
    public var steersTerminals: Bool {
        switch value {
        case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F:
            true
        default: false
        }
    }

    /// The character as an escape of JSON: `\u` and four hexadecimal digits.
    public var escapedForDisplay: String {
        "\\u" + String(value, radix: 16).leftPadded(to: 4, with: "0")
    }
}
