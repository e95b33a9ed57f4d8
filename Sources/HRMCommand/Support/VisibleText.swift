import HRMFigures

/// Escapes text of files and arguments for a terminal.
enum VisibleText {
    /// Escapes control characters and characters that change the text direction.
    ///
    /// - Parameters:
    ///   - text: The text; line feeds and tabs are kept.
    ///   - keepingColors: True to keep colour codes in this program's format.
    /// - Returns: The text with escapes such as `\u001b`, which mean the same in JSON.
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

    /// Returns the colour code at the start of a text: escape, bracket, numbers and an `m`.
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
