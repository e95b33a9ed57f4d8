/// Text in lines that fit on a terminal.
public enum WrappedText {
    /// Breaks lines between words where they are too long; a word that is longer than a line stays
    /// whole.
    ///
    /// - Parameters:
    ///   - text: Paragraphs; their line feeds stay.
    ///   - width: Columns of a line, at least 1.
    /// - Returns: The text with more line feeds.
    public static func wrapped(_ text: String, width: Int) -> String {
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
