/// Finds the boards in JSON line by line: lists of rows, and objects that may contain a board.
///
/// A row is a list of cells or a text; a board is a list of rows, a list of at least sixteen cells,
/// or a text of as many. Lists around boards are skipped, so there may be any number of boards.
/// Only the current board is kept in memory; a board longer than ``longest`` is refused.
package struct JSONBoardFinder {
    /// The text of a board, or of an object that may contain one.
    package struct Board: Equatable, Sendable {
        /// The number of its first line.
        package var line: Int
        /// JSON, or the cells of a board that was a single text.
        package var text: String
    }

    /// The progress in the JSON.
    package enum State: Sendable {
        /// Further lines are needed.
        case open
        /// All lists and objects are closed.
        case ended
        /// The text is not JSON, is nested too deeply, or has a board that is too long.
        case invalid
    }

    /// The maximum length of a board in bytes.
    package static let longest = 1 << 17
    /// The maximum nesting depth of lists and objects.
    private static let deepest = 16
    /// The number of cells of the smallest board.
    private static let fewestCells = 16

    /// A list or an object that is not closed yet.
    private struct Container {
        var isObject: Bool
        /// The index of its first byte in `kept`.
        var start: Int
        var line: Int
        var scalars = 0
        var longestText = 0
        var hasRows = false
        /// True if it contains a board, so that it is not a board itself.
        var isPassedOver = false
    }

    /// The boards found so far.
    package private(set) var boards: [Board] = []
    /// The progress in the JSON.
    package private(set) var state = State.open

    private var kept: [UInt8] = []
    private var open: [Container] = []
    /// The index in `kept` of the first byte of the current text; nil outside texts.
    private var textStart: Int?
    private var isEscaped = false
    private var isInWord = false
    private var line = 0

    /// Creates a finder that has read no lines.
    package init() {}

    /// Returns true if a line can be the first one of JSON with boards.
    package static func begins(_ line: some StringProtocol) -> Bool {
        let bytes = line.utf8.lazy.filter { !isSpace($0) }.prefix(5)
        let start = String(decoding: Array(bytes), as: UTF8.self)
        guard let first = start.first, "[{".contains(first) else { return false }
        guard let second = start.dropFirst().first else { return true }
        if first == "{" { return "\"}".contains(second) }
        return "[{\"]".contains(second) || ("0"..."9").contains(second)
            || start.hasSuffix("null")
    }

    /// Reads the next line.
    ///
    /// - Parameters:
    ///   - text: The line.
    ///   - number: The line number.
    package mutating func read(_ text: some StringProtocol, line number: Int) {
        line = number
        for byte in text.utf8 where state != .invalid { take(byte) }
        guard state != .invalid else { return }
        // A JSON text cannot continue in the next line.
        guard textStart == nil else {
            state = .invalid
            return
        }
        isInWord = false
        if !kept.isEmpty { kept.append(UInt8(ascii: "\n")) }
        state = open.isEmpty ? .ended : .open
        if open.isEmpty { kept = [] }
    }

    /// Removes the boards found so far, after the caller has read them.
    package mutating func forgetBoards() { boards = [] }

    private mutating func take(_ byte: UInt8) {
        if open.isEmpty {
            guard byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") else {
                if !Self.isSpace(byte), byte != UInt8(ascii: ",") { state = .invalid }
                return
            }
        }
        kept.append(byte)
        guard kept.count <= Self.longest else {
            state = .invalid
            return
        }
        if let start = textStart {
            takeText(byte, from: start)
            return
        }
        let isWord = Self.isInWord(byte)
        if isWord, !isInWord { open[open.count - 1].scalars += 1 }
        isInWord = isWord
        switch byte {
        case UInt8(ascii: "\""): textStart = kept.count
        case UInt8(ascii: "["), UInt8(ascii: "{"): begin(isObject: byte == UInt8(ascii: "{"))
        case UInt8(ascii: "]"), UInt8(ascii: "}"): end(isObject: byte == UInt8(ascii: "}"))
        case UInt8(ascii: ","), UInt8(ascii: ":"): break
        default: if !isWord, !Self.isSpace(byte) { state = .invalid }
        }
    }

    private mutating func takeText(_ byte: UInt8, from start: Int) {
        if byte == UInt8(ascii: "\""), !isEscaped {
            textStart = nil
            let text = kept[start..<(kept.count - 1)]
            open[open.count - 1].scalars += 1
            open[open.count - 1].longestText = max(open[open.count - 1].longestText, text.count)
            if text.count >= Self.fewestCells, !open.contains(where: \.isObject) {
                found(Board(line: line, text: String(decoding: text, as: UTF8.self)))
            }
        }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
    }

    private mutating func begin(isObject: Bool) {
        guard open.count < Self.deepest else {
            state = .invalid
            return
        }
        open.append(Container(isObject: isObject, start: kept.count - 1, line: line))
    }

    private mutating func end(isObject: Bool) {
        guard let ended = open.popLast(), ended.isObject == isObject else {
            state = .invalid
            return
        }
        // Lists within an object belong to it, and lists around a board are skipped.
        guard !open.contains(where: \.isObject), !ended.isPassedOver else { return }
        if isObject || ended.hasRows || isWhole(ended) {
            let text = String(decoding: kept[ended.start...], as: UTF8.self)
            found(Board(line: ended.line, text: text))
        } else if !open.isEmpty {
            open[open.count - 1].hasRows = true
        }
    }

    private mutating func found(_ board: Board) {
        boards.append(board)
        kept = []
        for index in open.indices { open[index].isPassedOver = true }
    }

    /// Returns true if a list of cells, or of texts, is a board rather than a row.
    private func isWhole(_ list: Container) -> Bool {
        list.scalars >= Self.fewestCells || list.scalars > 0 && list.longestText > 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0A, 0x0D].contains(byte)
    }

    /// Returns true if a byte belongs to a number, or to `true`, `false` or `null`.
    private static func isInWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
