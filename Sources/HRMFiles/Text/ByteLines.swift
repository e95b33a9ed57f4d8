/// The lines of a file as bytes, read in pieces.
package struct ByteLines {
    /// A line.
    package struct Line {
        /// The number of the line, starting at 1.
        package var number: Int
        /// The bytes without the line feed.
        package var bytes: ArraySlice<UInt8>
        /// True if the line ends with a line feed; only the last line may lack one.
        package var isWhole: Bool
    }

    /// The reason the file cannot be read.
    package enum Problem: Error {
        case file(FileProblem)
        case tooLong(line: Int)
    }

    /// The maximum length of a line in bytes; longer lines indicate a different kind of file.
    package static let longestLine = 1 << 20

    private var source: ByteSource
    private var piece: [UInt8] = []
    private var position = 0
    private var number = 0

    package init(_ source: ByteSource) {
        self.source = source
    }

    /// Returns the next line; nil at the end of the file.
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

    /// Appends bytes to the current line; returns false at the end of the file.
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
