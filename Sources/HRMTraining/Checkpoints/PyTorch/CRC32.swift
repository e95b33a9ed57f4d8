import Foundation

/// The checksum of zip archives: the cyclic redundancy check of ISO 3309 with the polynomial
/// 0xEDB88320 (bits reversed).
enum CRC32 {
    /// What each byte does to the lowest eight bits; `tables[k]` with `k` zero bytes behind it.
    private static let tables: [[UInt32]] = {
        let first = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
        var tables = [first]
        for _ in 1..<8 {
            tables.append(
                (tables.last ?? first).map { $0 >> 8 ^ first[Int($0 & 0xFF)] })
        }
        return tables
    }()

    /// The checksum of bytes.
    static func of(_ data: Data) -> UInt32 {
        let tables = tables
        let span = data.span
        var value: UInt32 = 0xFFFF_FFFF
        var position = 0
        // Eight bytes at a time: the tables of the later ones do not wait for the earlier.
        while position + 8 <= span.count {
            var next: UInt32 = 0
            for byte in 0..<4 {
                let low = UInt8(truncatingIfNeeded: value >> (8 * byte)) ^ span[position + byte]
                next ^= tables[7 - byte][Int(low)]
                next ^= tables[3 - byte][Int(span[position + 4 + byte])]
            }
            value = next
            position += 8
        }
        while position < span.count {
            value = value >> 8 ^ tables[0][Int(UInt8(truncatingIfNeeded: value) ^ span[position])]
            position += 1
        }
        return ~value
    }
}
