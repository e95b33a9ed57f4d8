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
    /// The text with question marks for what would steer a terminal, such as escape characters.
    public var withoutControlCharacters: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                    default: scalar
                    }
                }))
    }
}
