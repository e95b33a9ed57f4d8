/// The lines of a text file, one at a time, with only a part of the file in memory.
package struct TextLines {
    /// A line.
    struct Line {
        /// The line number, counting from 1.
        var number: Int
        /// The text without its line end.
        var text: String
    }

    /// The problems of a file.
    enum Problem: Error {
        case file(FileProblem)
        case lineTooLong(line: Int)
    }

    /// The maximum length of a line in bytes; longer ones indicate a file of another kind.
    static let longestLine = 1 << 20

    private var source: TextSource
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var number = 0

    init(source: ByteSource) {
        self.source = TextSource(source)
    }

    /// Returns the next line, or `nil` at the end of the file.
    mutating func next() throws(Problem) -> Line? {
        var bytes: [UInt8] = []
        number += 1
        while true {
            if position == piece.count {
                try refill()
                if piece.isEmpty { return bytes.isEmpty ? nil : line(bytes) }
            }
            let end = piece[position...].firstIndex(of: 0x0A) ?? piece.count
            bytes.append(contentsOf: piece[position..<end])
            guard bytes.count <= Self.longestLine else { throw .lineTooLong(line: number) }
            position = end
            if end < piece.count {
                position += 1
                return line(bytes)
            }
        }
    }

    private func line(_ bytes: [UInt8]) -> Line {
        Line(number: number, text: String(decoding: bytes, as: UTF8.self))
    }

    private mutating func refill() throws(Problem) {
        position = 0
        piece = []
        guard !isAtEnd else { return }
        do {
            piece = try source.read(upTo: 1 << 18)
        } catch {
            throw .file(error)
        }
        guard piece.isEmpty else { return }
        isAtEnd = true
        source.close()
    }
}
