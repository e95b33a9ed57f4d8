extension Character {
    /// Whether the character shows on a terminal, and does not change what others look like.
    package var isVisible: Bool {
        unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
    }

    /// The character in a message: in quotation marks, or as its code.
    package var quoted: String {
        let codes = unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }
        return isVisible ? "'\(self)'" : "the character U+\(codes.joined(separator: "+"))"
    }
}
