import Foundation

/// Writes an uncompressed zip archive whose entries are aligned to 64 bytes, so that readers can
/// memory-map their numbers.
///
/// The archive is returned in pieces that share the entries' memory.
package struct ZipWriter {
    /// Larger numbers are written to 64-bit fields; tests lower the threshold.
    var largestPlain = 0xFFFF_FFFE
    private static let alignment = 64
    private static let headerSize = 30
    /// The archive's version: 4.5, the first with 64-bit fields.
    private static let version = 45
    /// The flag for UTF-8 names.
    private static let flags = 0x800
    /// The earliest date of the format, so that equal content gives equal bytes.
    private static let date = 0x21

    private var pieces: [Data] = []
    private var size = 0
    private var table: [UInt8] = []
    private var count = 0

    /// Appends an entry.
    ///
    /// - Parameters:
    ///   - name: The entry's name, of at most 65,535 bytes.
    ///   - content: The entry's bytes.
    mutating func append(_ name: String, _ content: Data) {
        let start = size
        let checksum = CRC32.of(content)
        let sizes = wide([content.count, content.count])
        let padding = Self.padding(
            behind: start + Self.headerSize + name.utf8.count + sizes.extra.count)

        var header = ZipArchive.signature
        header.append(Self.version, width: 2)
        Self.describe(name, checksum, sizes.fields, in: &header)
        header.append(sizes.extra.count + padding.count, width: 2)
        append(Data(header + Array(name.utf8) + sizes.extra + padding))
        append(content)

        let places = wide([content.count, content.count, start])
        table.append(0x0201_4B50, width: 4)
        table.append(Self.version, width: 2)
        table.append(Self.version, width: 2)
        Self.describe(name, checksum, Array(places.fields.prefix(2)), in: &table)
        table.append(places.extra.count, width: 2)
        // No comment, first disk, no attributes.
        table.append(contentsOf: [UInt8](repeating: 0, count: 10))
        table.append(places.fields[2], width: 4)
        table.append(contentsOf: Array(name.utf8) + places.extra)
        count += 1
    }

    private mutating func append(_ piece: Data) {
        pieces.append(piece)
        size += piece.count
    }

    /// Returns the archive with its central directory, in pieces.
    func finished() -> [Data] {
        let start = size
        let place = wide([table.count, start])
        var end: [UInt8] = []
        if !place.extra.isEmpty || count > 0xFFFE {
            let wideEnd = start + table.count
            end.append(0x0606_4B50, width: 4)
            end.append(44, width: 8)
            end.append(Self.version, width: 2)
            end.append(Self.version, width: 2)
            end.append(0, width: 8)
            for number in [count, count, table.count, start] { end.append(number, width: 8) }
            end.append(0x0706_4B50, width: 4)
            end.append(0, width: 4)
            end.append(wideEnd, width: 8)
            end.append(1, width: 4)
        }
        end.append(0x0605_4B50, width: 4)
        end.append(0, width: 4)
        for _ in 0..<2 { end.append(min(count, 0xFFFF), width: 2) }
        for field in place.fields { end.append(field, width: 4) }
        end.append(0, width: 2)
        return pieces + [Data(table + end)]
    }

    /// Appends the fields that an entry's header and its record share, up to the name's length.
    private static func describe(
        _ name: String, _ checksum: UInt32, _ sizes: [Int], in bytes: inout [UInt8]
    ) {
        bytes.append(flags, width: 2)
        // No compression; time 00:00.
        bytes.append(0, width: 4)
        bytes.append(date, width: 2)
        bytes.append(Int(checksum), width: 4)
        for size in sizes { bytes.append(size, width: 4) }
        bytes.append(name.utf8.count, width: 2)
    }

    /// Returns 32-bit fields for numbers, and the extra field with those that are too large.
    private func wide(_ numbers: [Int]) -> (fields: [Int], extra: [UInt8]) {
        let large = numbers.filter { $0 > largestPlain }
        var extra: [UInt8] = []
        if !large.isEmpty {
            extra.append(1, width: 2)
            extra.append(8 * large.count, width: 2)
            for number in large { extra.append(number, width: 8) }
        }
        return (numbers.map { $0 > largestPlain ? 0xFFFF_FFFF : $0 }, extra)
    }

    /// Returns an extra field that pads to the next multiple; it has the identifier that PyTorch
    /// uses.
    private static func padding(behind position: Int) -> [UInt8] {
        let fieldHeader = 4
        let missing = alignment - (position + fieldHeader) % alignment
        let size = missing % alignment
        var field: [UInt8] = [0x46, 0x42]
        field.append(size, width: 2)
        return field + [UInt8](repeating: 0, count: size)
    }
}
