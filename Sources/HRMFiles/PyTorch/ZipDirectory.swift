import Foundation

/// The central directory at the end of a zip archive.
///
/// The format is defined in PKWARE's APPNOTE.TXT, sections 4.3.12 to 4.3.16.
struct ZipDirectory {
    /// The central directory record of an entry.
    package struct Record {
        var name: String
        var checksum: UInt32
        /// The size of the content.
        var byteCount: Int
        /// The size of the content in the file, which is another one if it is compressed.
        var storedByteCount: Int
        var isCompressed: Bool
        var headerOffset: Int
    }

    private(set) var records: [Record] = []

    private static let endSize = 22
    private static let locatorSize = 20
    private static let wideEndSize = 56
    private static let recordSize = 46
    /// The value of a 32-bit field whose number is in a 64-bit field elsewhere.
    private static let elsewhere = 0xFFFF_FFFF
    /// The minimum size in bytes of an entry's header, name, extra field and record.
    private static let leastPerEntry = 76

    /// Reads the central directory.
    ///
    /// - Parameter file: The complete file.
    /// - Throws: ``ZipProblem``.
    init(_ file: Data) throws(ZipProblem) {
        let place = try Self.place(in: file)
        let origin = file.startIndex
        let table = LittleEndianBytes(
            file[(origin + place.range.lowerBound)..<(origin + place.range.upperBound)])
        var position = 0
        for _ in 0..<place.count {
            guard position <= table.bytes.count - Self.recordSize,
                table.number(at: position, width: 4) == 0x0201_4B50
            else {
                throw ZipProblem(
                    reason: "its table of entries ends early, at byte "
                        + "\(place.range.lowerBound + position)")
            }
            records.append(try Self.record(table, at: &position))
        }
    }

    /// Locates the central directory by the record at the end of the file.
    private static func place(in file: Data) throws(ZipProblem) -> (range: Range<Int>, count: Int) {
        let longestComment = 0xFFFF
        let tailStart = max(0, file.count - endSize - longestComment)
        let tail = LittleEndianBytes(file.dropFirst(tailStart))
        let candidates = stride(from: tail.bytes.count - endSize, through: 0, by: -1)
        guard
            let end = candidates.first(where: {
                tail.number(at: $0, width: 4) == 0x0605_4B50
                    && tail.count(at: $0 + 20, width: 2) == tail.bytes.count - endSize - $0
            })
        else {
            throw ZipProblem(
                reason: "the table of entries that ends a zip archive is missing; is the file "
                    + "complete?")
        }
        var count = tail.count(at: end + 10, width: 2) ?? 0
        var size = tail.count(at: end + 12, width: 4) ?? 0
        var offset = tail.count(at: end + 16, width: 4) ?? 0
        var limit = tailStart + end
        if tail.number(at: end - locatorSize, width: 4) == 0x0706_4B50 {
            guard let wideEnd = tail.count(at: end - locatorSize + 8, width: 8),
                wideEnd <= limit - locatorSize - wideEndSize
            else { throw ZipProblem(reason: "its 64-bit end record is not in the file") }
            let origin = file.startIndex + wideEnd
            let record = LittleEndianBytes(file[origin..<(origin + wideEndSize)])
            guard record.number(at: 0, width: 4) == 0x0606_4B50,
                let wideCount = record.count(at: 32, width: 8),
                let wideSize = record.count(at: 40, width: 8),
                let wideOffset = record.count(at: 48, width: 8)
            else { throw ZipProblem(reason: "its 64-bit end record is not one") }
            (count, size, offset, limit) = (wideCount, wideSize, wideOffset, wideEnd)
        }
        guard size <= limit, offset <= limit - size, count <= file.count / leastPerEntry else {
            throw ZipProblem(
                reason:
                    "its table would have \(count.counted("entry", "entries")) in \(size.counted("byte")) at byte \(offset), "
                    + "which the file has no room for")
        }
        return (offset..<(offset + size), count)
    }

    private static func record(
        _ table: LittleEndianBytes, at position: inout Int
    ) throws(ZipProblem) -> Record {
        let start = position
        func field(_ offset: Int, _ width: Int) -> Int {
            table.count(at: start + offset, width: width) ?? 0
        }
        let nameSize = field(28, 2)
        let extraSize = field(30, 2)
        let nameEnd = start + recordSize + nameSize
        position = nameEnd + extraSize + field(32, 2)
        guard position <= table.bytes.count,
            let name = String(
                validating: table.bytes[(start + recordSize)..<nameEnd], as: UTF8.self)
        else {
            throw ZipProblem(reason: "a name in its table of entries is cut off or not UTF-8")
        }
        guard field(8, 2) & 1 == 0 else {
            throw ZipProblem(reason: "the entry '\(name)' is encrypted")
        }
        let method = field(10, 2)
        guard method == 0 || method == 8 else {
            throw ZipProblem(reason: "the entry '\(name)' is compressed with method \(method)")
        }
        var sizes = [field(24, 4), field(20, 4), field(42, 4)]
        try widen(&sizes, from: table, extra: nameEnd..<(nameEnd + extraSize), name: name)
        guard method != 0 || sizes[0] == sizes[1] else {
            throw ZipProblem(reason: "the entry '\(name)' has two different sizes")
        }
        return Record(
            name: name, checksum: UInt32(truncatingIfNeeded: field(16, 4)), byteCount: sizes[0],
            storedByteCount: sizes[1], isCompressed: method != 0, headerOffset: sizes[2])
    }

    /// Reads 64-bit numbers from the extra field with identifier 1.
    private static func widen(
        _ fields: inout [Int], from table: LittleEndianBytes, extra: Range<Int>, name: String
    ) throws(ZipProblem) {
        guard fields.contains(elsewhere) else { return }
        var position = extra.lowerBound
        while position + 4 <= extra.upperBound {
            let identifier = table.count(at: position, width: 2) ?? 0
            let end = position + 4 + (table.count(at: position + 2, width: 2) ?? 0)
            position += 4
            if identifier == 1 {
                for index in fields.indices where fields[index] == elsewhere {
                    guard position + 8 <= min(end, extra.upperBound),
                        let number = table.count(at: position, width: 8)
                    else { break }
                    fields[index] = number
                    position += 8
                }
            }
            position = end
        }
        // A size that is really this large also needs the 64-bit field.
        guard !fields.contains(elsewhere) else {
            throw ZipProblem(reason: "the 64-bit sizes of the entry '\(name)' are missing")
        }
    }
}
