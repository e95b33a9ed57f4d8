/// Lines of text below a caption, to be placed beside other blocks.
struct CaptionedBlock {
    var caption: String
    /// The width of each line in terminal columns; colour codes have no width.
    var lineWidth: Int
    var lines: [String]

    var width: Int { max(caption.count, lineWidth) }
}

/// Blocks side by side, continued below when the width is exceeded.
struct BlockStrip {
    var blocks: [CaptionedBlock]

    /// Returns the strip as one text.
    ///
    /// - Parameter width: The width of the terminal in columns; a wider block gets a separate row.
    /// - Returns: Lines that end with line feeds.
    func text(width: Int) -> String {
        let gap = 3
        var strips: [[CaptionedBlock]] = []
        var used = 0
        for block in blocks {
            if let last = strips.indices.last, used + gap + block.width <= width {
                strips[last].append(block)
                used += gap + block.width
            } else {
                strips.append([block])
                used = block.width
            }
        }
        let separator = String(repeating: " ", count: gap)
        return strips.map { Self.joined($0, separator: separator) }.joined(separator: "\n")
    }

    private static func joined(_ blocks: [CaptionedBlock], separator: String) -> String {
        let columns = blocks.map { block in
            // A coloured line has more characters than columns, so padding uses the column count.
            let spare = String(repeating: " ", count: block.width - block.lineWidth)
            return (
                lines: [block.caption.centered(in: block.width)] + block.lines.map { $0 + spare },
                blank: String(repeating: " ", count: block.width)
            )
        }
        let height = columns.map(\.lines.count).max() ?? 0
        return (0..<height).map { row in
            columns.map { row < $0.lines.count ? $0.lines[row] : $0.blank }
                .joined(separator: separator).withoutTrailingSpaces + "\n"
        }.joined()
    }
}
