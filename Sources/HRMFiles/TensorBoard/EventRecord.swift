/// The record framing of event files, which are TFRecord files: the length of the data in eight
/// bytes, its checksum, the data, and their checksum; all little-endian.
package enum EventRecord {
    /// The number of bytes before the data.
    static let headerByteCount = 12
    /// The number of bytes after the data.
    static let footerByteCount = 4

    /// Returns the data as a record.
    static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = UInt64(data.count).littleEndianBytes
        return length + CRC32C.masked(length).littleEndianBytes
            + data + CRC32C.masked(data).littleEndianBytes
    }

    /// Returns the length stated in a header; nil if its checksum is wrong.
    static func dataByteCount(header: [UInt8]) -> UInt64? {
        let sum = UInt64(littleEndianBytes: header[8..<headerByteCount])
        guard sum == UInt64(CRC32C.masked(header.prefix(8))) else { return nil }
        return UInt64(littleEndianBytes: header.prefix(8))
    }

    /// Removes the footer from a record's data; nil if the checksum is wrong.
    static func checked(_ body: [UInt8]) -> ArraySlice<UInt8>? {
        let data = body.dropLast(footerByteCount)
        let sum = UInt64(littleEndianBytes: body.suffix(footerByteCount))
        return sum == UInt64(CRC32C.masked(data)) ? data : nil
    }
}
