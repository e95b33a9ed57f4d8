/// Boards side by side, each below its caption.
public struct BoardStrip: Sendable, Hashable {
    /// A board and what stands above it.
    public struct Panel: Sendable, Hashable {
        /// The title above the board, centered.
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
        let blocks = panels.map { panel in
            CaptionedBlock(
                caption: panel.caption, lineWidth: panel.board.width,
                lines: panel.board.lines(color: color))
        }
        return BlockStrip(blocks: blocks).text(width: width)
    }
}
