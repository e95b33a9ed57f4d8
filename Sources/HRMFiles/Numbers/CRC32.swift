import Foundation

/// The checksum of zip archives: the cyclic redundancy check of ISO 3309 with the polynomial
/// 0xEDB88320 (bits reversed).
package enum CRC32 {
    /// Lookup tables for slicing-by-8: `tables[k]` is for a byte followed by `k` zero bytes.
    private static let tables: [[UInt32]] = {
        var first: [UInt32] = []
        for byte in UInt32(0)..<256 {
            var value = byte
            for _ in 0..<8 {
                let isOdd = value & 1 == 1
                value >>= 1
                if isOdd { value ^= 0xEDB8_8320 }
            }
            first.append(value)
        }
        var tables = [first]
        for table in 1..<8 {
            tables.append(
                tables[table - 1].map { (value: UInt32) -> UInt32 in
                    (value >> 8) ^ first[Int(value & 0xFF)]
                })
        }
        return tables
    }()

    /// Returns the checksum of `data`.
    static func of(_ data: Data) -> UInt32 { extended(0, by: data) }

    /// Returns the checksum of bytes with a known checksum, 0 for none, and more bytes.
    static func extended(_ checksum: UInt32, by data: Data) -> UInt32 {
        let tables = tables
        let span = data.span
        var value = ~checksum
        var position = 0
        // Eight independent lookups per iteration.
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
            let low = UInt8(truncatingIfNeeded: value) ^ span[position]
            value = (value >> 8) ^ tables[0][Int(low)]
            position += 1
        }
        return ~value
    }
}
