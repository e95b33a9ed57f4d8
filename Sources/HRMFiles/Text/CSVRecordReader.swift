/// Reads a CSV file record by record (RFC 4180), with only a part of it in memory.
///
/// Fields may be quoted, with `""` for a quote inside. Lines may end in LF, CRLF or CR. Empty lines
/// and a byte order mark are skipped. Fields are separated by commas; if the first line has none,
/// by semicolons or tabs, whichever that line has.
package struct CSVRecordReader {
    /// A line of the file, or several lines if a quoted field contains line ends.
    package struct Record {
        /// The number of the record's first line, counting from 1.
        package var line: Int
        /// The bytes of each field, without quotes.
        package var fields: [[UInt8]]
    }

    /// The problems of a CSV file.
    package enum Problem: Error {
        case file(FileProblem)
        case recordTooLong(line: Int)
        case openQuote(line: Int)
        case textAfterQuote(line: Int)
    }

    /// The maximum length of a record in bytes; longer ones indicate a file of another kind.
    package static let longestRecord = 1 << 16

    private var source: TextSource
    private var piece: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isAtEnd = false
    /// The field separator; known after the first record.
    private var delimiter: UInt8?

    package init(source: ByteSource) {
        self.source = TextSource(source)
    }

    private mutating func peek() throws(Problem) -> UInt8? {
        if position < piece.count { return piece[position] }
        guard !isAtEnd else { return nil }
        do {
            piece = try source.read(upTo: 1 << 18)
            position = 0
        } catch {
            throw .file(error)
        }
        guard position < piece.count else {
            isAtEnd = true
            source.close()
            return nil
        }
        return piece[position]
    }

    /// Consumes a line end, if there is one.
    private mutating func takeLineEnd() throws(Problem) -> Bool {
        guard let byte = try peek(), byte == 0x0A || byte == 0x0D else { return false }
        position += 1
        line += 1
        if byte == 0x0D, try peek() == 0x0A { position += 1 }
        return true
    }

    /// Returns the next record, or `nil` at the end of the file.
    package mutating func next() throws(Problem) -> Record? {
        while try takeLineEnd() {}
        guard try peek() != nil else { return nil }
        let start = line
        var fields: [[UInt8]] = []
        var length = 0
        let delimiter = delimiter ?? Self.delimiter(ofLine: piece[position...])
        self.delimiter = delimiter
        while true {
            fields.append(
                try takeField(recordLine: start, delimiter: delimiter, length: &length))
            guard let byte = try peek(), byte == delimiter else { break }
            position += 1
            length += 1
        }
        _ = try takeLineEnd()
        return Record(line: start, fields: fields)
    }

    /// Returns the field separator of the line at the start of the bytes.
    private static func delimiter(ofLine bytes: ArraySlice<UInt8>) -> UInt8 {
        var isQuoted = false
        var found: UInt8?
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: return byte
            case UInt8(ascii: ";") where !isQuoted, UInt8(ascii: "\t") where !isQuoted:
                found = found ?? byte
            case 0x0A where !isQuoted, 0x0D where !isQuoted: return found ?? UInt8(ascii: ",")
            default: break
            }
        }
        return found ?? UInt8(ascii: ",")
    }

    private mutating func takeField(
        recordLine: Int, delimiter: UInt8, length: inout Int
    ) throws(Problem) -> [UInt8] {
        var field: [UInt8] = []
        if try peek() == 0x22 {
            position += 1
            try takeQuoted(into: &field, recordLine: recordLine, length: &length)
            if let byte = try peek(), byte != delimiter, byte != 0x0A, byte != 0x0D {
                throw .textAfterQuote(line: line)
            }
            return field
        }
        while try peek() != nil {
            let end =
                piece[position...].firstIndex { $0 == delimiter || $0 == 0x0A || $0 == 0x0D }
                ?? piece.count
            field.append(contentsOf: piece[position..<end])
            try count(end - position, into: &length, recordLine: recordLine)
            position = end
            if end < piece.count { break }
        }
        return field
    }

    private mutating func takeQuoted(
        into field: inout [UInt8], recordLine: Int, length: inout Int
    ) throws(Problem) {
        while let byte = try peek() {
            position += 1
            try count(1, into: &length, recordLine: recordLine)
            if byte == 0x22 {
                guard try peek() == 0x22 else { return }
                position += 1
            } else if byte == 0x0A {
                line += 1
            }
            field.append(byte)
        }
        throw .openQuote(line: recordLine)
    }

    private func count(_ bytes: Int, into length: inout Int, recordLine: Int) throws(Problem) {
        length += bytes
        guard length <= Self.longestRecord else { throw .recordTooLong(line: recordLine) }
    }
}
