/// Reads little-endian numbers from untrusted bytes.
struct LittleEndianBytes {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// Returns the number of `width` bytes at a position; nil beyond the end of the bytes.
    func number(at position: Int, width: Int) -> UInt64? {
        guard position >= 0, position <= bytes.count - width else { return nil }
        return bytes[position..<(position + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Returns the same number as an `Int`; nil also on overflow.
    func count(at position: Int, width: Int) -> Int? {
        number(at: position, width: width).flatMap { Int(exactly: $0) }
    }
}

extension [UInt8] {
    /// Appends the lowest `width` bytes of a number in little-endian order.
    mutating func append(_ number: Int, width: Int) {
        for byte in 0..<width { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
}
