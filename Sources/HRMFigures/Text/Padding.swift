extension String {
    /// Returns the text preceded by `filler` up to a length of `width` characters.
    func leftPadded(to width: Int, with filler: Character = " ") -> String {
        String(repeating: filler, count: max(0, width - count)) + self
    }

    /// Returns the text followed by spaces up to a length of `width` characters.
    func rightPadded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// Returns the text centered with spaces in `width` characters; an odd space follows the text.
    func centered(in width: Int) -> String {
        let front = max(0, width - count) / 2
        return (String(repeating: " ", count: front) + self).rightPadded(to: width)
    }

    /// The text without trailing spaces.
    var withoutTrailingSpaces: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}

extension String {
    /// The text with escapes such as `\u001b` in place of characters that control a terminal or
    /// change the writing direction; line feeds are escaped, too.
    package var withoutControlCharacters: String {
        guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            text += scalar.steersTerminals ? scalar.escapedForDisplay : String(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// True if a terminal interprets the character instead of displaying it: control characters,
    /// marks and overrides of the writing direction, and line separators.
    package var steersTerminals: Bool {
        switch value {
        case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F:
            true
        default: false
        }
    }

    /// The character as a JSON escape: `\u` and four hexadecimal digits.
    package var escapedForDisplay: String {
        "\\u" + String(value, radix: 16).leftPadded(to: 4, with: "0")
    }
}
