/// How a record lies in an event file, which is a TFRecord file: the length of the data in eight
/// bytes, its checksum, the data, and their checksum; all little-endian.
enum EventRecord {
    /// Bytes before the data.
    static let headerByteCount = 12
    /// Bytes behind the data.
    static let footerByteCount = 4

    /// The data as a record.
    static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = UInt64(data.count).littleEndianBytes
        return length + CRC32C.masked(length).littleEndianBytes
            + data + CRC32C.masked(data).littleEndianBytes
    }

    /// The length that a header announces; nil when its checksum is wrong.
    static func dataByteCount(header: [UInt8]) -> UInt64? {
        let sum = UInt64(littleEndianBytes: header[8..<headerByteCount])
        guard sum == UInt64(CRC32C.masked(header.prefix(8))) else { return nil }
        return UInt64(littleEndianBytes: header.prefix(8))
    }

    /// Data and footer without the footer; nil when the checksum is wrong.
    static func checked(_ body: [UInt8]) -> ArraySlice<UInt8>? {
        let data = body.dropLast(footerByteCount)
        let sum = UInt64(littleEndianBytes: body.suffix(footerByteCount))
        return sum == UInt64(CRC32C.masked(data)) ? data : nil
    }
}
