/// Numbers with the least significant byte first, in bytes from elsewhere.
struct LittleEndianBytes {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The number of `width` bytes at a place; nil where the bytes end before it does.
    func number(at position: Int, width: Int) -> UInt64? {
        guard position >= 0, position <= bytes.count - width else { return nil }
        return bytes[position..<(position + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The same for numbers that count something; nil also where `Int` cannot hold it.
    func count(at position: Int, width: Int) -> Int? {
        number(at: position, width: width).flatMap { Int(exactly: $0) }
    }
}

extension [UInt8] {
    /// Appends the lowest `width` bytes of a number, the least significant first.
    mutating func append(_ number: Int, width: Int) {
        for byte in 0..<width { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
}
