/// The envelope of an SVG document.
enum SVGFile {
    /// Returns a document with a white background.
    ///
    /// - Parameters:
    ///   - width: The width in pixels.
    ///   - height: The height in pixels.
    ///   - elements: The elements of the document.
    /// - Returns: The text; equal elements give equal bytes.
    static func text(width: String, height: String, elements: [String]) -> String {
        let head = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\" "
                + "font-family=\"Helvetica, Arial, sans-serif\">",
            "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(SheetLayout.paper.text)\"/>",
        ]
        return (head + elements + ["</svg>"]).joined(separator: "\n") + "\n"
    }
}
