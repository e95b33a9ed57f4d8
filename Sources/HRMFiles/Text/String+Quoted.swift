extension String {
    /// The text for messages: control and format characters are replaced by codes, and long text is
    /// shortened.
    package var printable: String {
        let limit = 200
        let shown = prefix(limit).map { $0.isVisible ? String($0) : "<\($0.codes)>" }.joined()
        return dropFirst(limit).isEmpty ? shown : shown + "…"
    }

    /// The text in quotation marks, for messages.
    package var quoted: String { "'\(printable)'" }
}

extension Character {
    fileprivate var codes: String {
        unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }
}
