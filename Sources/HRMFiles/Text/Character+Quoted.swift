extension Character {
    /// True if the character is visible on a terminal and does not alter the display of others.
    package var isVisible: Bool {
        unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
    }

    /// The character in quotation marks, or its code, for messages.
    package var quoted: String {
        let codes = unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }
        return isVisible ? "'\(self)'" : "the character U+\(codes.joined(separator: "+"))"
    }
}
