/// Wrapping of text to a line width.
package enum WrappedText {
    /// Wraps lines between words; a word longer than a line is not broken.
    ///
    /// - Parameters:
    ///   - text: Paragraphs, whose line feeds are kept.
    ///   - width: The maximum line width in columns, at least 1.
    /// - Returns: The text with additional line feeds.
    package static func wrapped(_ text: String, width: Int) -> String {
        precondition(width >= 1, "lines of \(width) columns")
        let paragraphs = text.split(separator: "\n", omittingEmptySubsequences: false)
        return paragraphs.map { paragraph in
            guard paragraph.count > width else { return String(paragraph) }
            var lines: [String] = []
            for word in paragraph.split(separator: " ") {
                if let last = lines.last, last.count + 1 + word.count <= width {
                    lines[lines.count - 1] = "\(last) \(word)"
                } else {
                    lines.append(String(word))
                }
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
