/// Boards side by side, each below its caption.
public struct BoardStrip: Sendable, Hashable {
    /// A board and what stands above it.
    public struct Panel: Sendable, Hashable {
        /// What stands above the board, centred.
        public var caption: String
        /// The board.
        public var board: TerminalBoard

        /// A board with a caption.
        ///
        /// - Parameters:
        ///   - caption: What stands above the board.
        ///   - board: The board.
        public init(_ caption: String, _ board: TerminalBoard) {
            self.caption = caption
            self.board = board
        }

        var width: Int { max(caption.count, board.width) }
    }

    /// The boards, from left to right.
    public var panels: [Panel]

    /// A strip of boards.
    ///
    /// - Parameter panels: The boards, from left to right.
    public init(_ panels: [Panel]) {
        self.panels = panels
    }

    /// The strip as one text; what does not fit beside the others goes below them.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal; a board that is wider gets a row of its own.
    ///   - color: Whether marks are ANSI colours or plain characters.
    /// - Returns: Lines that end with line feeds.
    public func text(width: Int, color: Bool) -> String {
        let gap = 3
        var strips: [[Panel]] = []
        var used = 0
        for panel in panels {
            if let last = strips.indices.last, used + gap + panel.width <= width {
                strips[last].append(panel)
                used += gap + panel.width
            } else {
                strips.append([panel])
                used = panel.width
            }
        }
        let separator = String(repeating: " ", count: gap)
        return strips.map { Self.joined($0, separator: separator, color: color) }
            .joined(separator: "\n")
    }

    private static func joined(_ panels: [Panel], separator: String, color: Bool) -> String {
        let columns = panels.map { panel in
            // A coloured line has more characters than columns, so the room is counted by the board.
            let spare = String(repeating: " ", count: panel.width - panel.board.width)
            let blank = String(repeating: " ", count: panel.width)
            return (
                lines: [panel.caption.centered(in: panel.width)]
                    + panel.board.lines(color: color).map { $0 + spare },
                blank: blank
            )
        }
        let height = columns.map(\.lines.count).max() ?? 0
        return (0..<height).map { row in
            columns.map { row < $0.lines.count ? $0.lines[row] : $0.blank }
                .joined(separator: separator).withoutTrailingSpaces + "\n"
        }.joined()
    }
}
