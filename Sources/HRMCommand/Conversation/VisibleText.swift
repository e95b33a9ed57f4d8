import HRMFigures

/// Text of files and arguments made fit for a terminal.
enum VisibleText {
    /// Escapes everything that could steer a terminal or turn the order of letters.
    ///
    /// - Parameters:
    ///   - text: The text; its line feeds and tabs stay.
    ///   - keepingColors: Whether colour codes as this program writes them stay, too.
    /// - Returns: The text with escapes such as `\u001b`, which are the same text in JSON.
    static func escaped(_ text: String, keepingColors: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.first {
            if keepingColors, let code = colorCode(rest) {
                result.unicodeScalars.append(contentsOf: code)
                rest = rest.dropFirst(code.count)
                continue
            }
            result += isEscaped(scalar) ? scalar.escapedForDisplay : String(scalar)
            rest = rest.dropFirst()
        }
        return result
    }

    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar != "\t" && scalar.steersTerminals
    }

    /// The colour code that a text begins with: escape, bracket, numbers and an `m`.
    private static func colorCode(
        _ text: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView? {
        guard text.starts(with: "\u{1B}[".unicodeScalars) else { return nil }
        let numbers = text.dropFirst(2).prefix { ("0"..."9").contains($0) || $0 == ";" }
        let count = 2 + numbers.count
        guard (1...40).contains(numbers.count), text.dropFirst(count).first == "m" else {
            return nil
        }
        return text.prefix(count + 1)
    }
}
