/// The lines of a file as bytes, holding a piece of the file in memory.
package struct ByteLines {
    /// A line.
    package struct Line {
        /// Counting from 1.
        package var number: Int
        /// The bytes without the line feed.
        package var bytes: ArraySlice<UInt8>
        /// Whether there was a line feed; only the last line can be without.
        package var isWhole: Bool
    }

    /// What is wrong with the file.
    package enum Problem: Error {
        case file(FileProblem)
        case tooLong(line: Int)
    }

    /// Longer lines are refused: the file is something else.
    package static let longestLine = 1 << 20

    private var source: ByteSource
    private var piece: [UInt8] = []
    private var position = 0
    private var number = 0

    package init(_ source: ByteSource) {
        self.source = source
    }

    /// The next line, or nil at the end of the file.
    package mutating func next() throws(Problem) -> Line? {
        number += 1
        var searched = position
        while true {
            if let end = piece[searched...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                return Line(number: number, bytes: piece[position..<end], isWhole: true)
            }
            guard piece.count - position <= Self.longestLine else { throw .tooLong(line: number) }
            searched = piece.count - position
            guard try refill() else {
                guard position < piece.count else { return nil }
                defer { position = piece.count }
                return Line(number: number, bytes: piece[position...], isWhole: false)
            }
        }
    }

    /// Adds bytes behind those of the line that was begun; tells whether there were any.
    private mutating func refill() throws(Problem) -> Bool {
        let more: [UInt8]
        do {
            more = try source.read(upTo: 1 << 18)
        } catch {
            throw .file(error)
        }
        piece = position == piece.count ? more : Array(piece[position...]) + more
        position = 0
        return !more.isEmpty
    }
}
