extension String {
    /// The text in a message, with codes in place of characters that steer a terminal or change what
    /// others look like, and shortened where it is long.
    package var printable: String {
        let limit = 200
        let shown = prefix(limit).map { $0.isVisible ? String($0) : "<\($0.codes)>" }.joined()
        return dropFirst(limit).isEmpty ? shown : shown + "…"
    }

    /// The text in a message, in quotation marks.
    package var quoted: String { "'\(printable)'" }
}

extension Character {
    fileprivate var codes: String {
        unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }
}
