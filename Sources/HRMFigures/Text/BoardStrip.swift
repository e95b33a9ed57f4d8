/// Boards side by side, each below its caption.
package struct BoardStrip: Sendable, Hashable {
    /// A board and its caption.
    package struct Panel: Sendable, Hashable {
        /// The title above the board, centered.
        package var caption: String
        /// The board.
        package var board: TerminalBoard

        /// Creates a board with a caption.
        ///
        /// - Parameters:
        ///   - caption: The title above the board.
        ///   - board: The board.
        package init(_ caption: String, _ board: TerminalBoard) {
            self.caption = caption
            self.board = board
        }
    }

    /// The boards, from left to right.
    package var panels: [Panel]

    /// Creates a strip of boards.
    ///
    /// - Parameter panels: The boards, from left to right.
    package init(_ panels: [Panel]) {
        self.panels = panels
    }

    /// Returns the strip as one text, continued below when the width is exceeded.
    ///
    /// - Parameters:
    ///   - width: The width of the terminal in columns; a wider board gets a separate row.
    ///   - color: True for ANSI colours, false for plain characters.
    /// - Returns: Lines that end with line feeds.
    package func text(width: Int, color: Bool) -> String {
        let blocks = panels.map { panel in
            CaptionedBlock(
                caption: panel.caption, lineWidth: panel.board.width,
                lines: panel.board.lines(color: color))
        }
        return BlockStrip(blocks: blocks).text(width: width)
    }
}
