/// Compression with the fixed Huffman codes of RFC 1951.
///
/// Pictures of boards and curves are long runs of few colours, which repeats compress to a few
/// percent; dynamic codes would not outweigh their descriptions.
enum Deflate {
    /// The maximum distance of a repeat.
    private static let window = 32768
    private static let shortestRepeat = 3
    private static let longestRepeat = 258
    /// The number of candidates tried for a repeat, nearest first.
    private static let tries = 32

    /// Returns a zlib stream (RFC 1950) of one block with fixed codes.
    static func zlibStream(_ content: [UInt8]) -> [UInt8] {
        var writer = BitWriter(bytes: [0x78, 0x5E])
        writer.append(1, count: 1)  // The last block,
        writer.append(1, count: 2)  // with fixed codes.
        compress(content, into: &writer)
        writer.appendCode(of: 256)
        let sum = Checksums.adler32(content)
        return writer.finished
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }

    private static func compress(_ content: [UInt8], into writer: inout BitWriter) {
        // For each hash of three bytes its last position, and for each position the preceding one
        // with the same hash; −1 for none.
        var last = [Int](repeating: -1, count: 1 << 15)
        var previous = [Int](repeating: -1, count: content.count)
        var position = 0
        func hash(_ place: Int) -> Int {
            let three =
                Int(content[place]) << 16 | Int(content[place + 1]) << 8 | Int(content[place + 2])
            return (three &* 0x9E37_79B1) >> 17 & 0x7FFF
        }
        while position < content.count {
            var length = 0
            var distance = 0
            let limit = min(longestRepeat, content.count - position)
            if limit >= shortestRepeat {
                var candidate = last[hash(position)]
                var triesLeft = tries
                while candidate >= 0, position - candidate <= window, triesLeft > 0, length < limit
                {
                    var count = 0
                    while count < limit, content[candidate + count] == content[position + count] {
                        count += 1
                    }
                    if count > length { (length, distance) = (count, position - candidate) }
                    candidate = previous[candidate]
                    triesLeft -= 1
                }
            }
            let isRepeat = length >= shortestRepeat
            if isRepeat {
                writer.appendRepeat(length: length, distance: distance)
            } else {
                writer.appendCode(of: Int(content[position]))
            }
            let end = position + (isRepeat ? length : 1)
            while position < end {
                if position + shortestRepeat <= content.count {
                    let value = hash(position)
                    previous[position] = last[value]
                    last[value] = position
                }
                position += 1
            }
        }
    }
}

/// The symbols of a block with fixed codes.
extension BitWriter {
    /// Appends the fixed code of a byte (0 through 255), of the end (256) or of a length (257
    /// through 285): RFC 1951, 3.2.6.
    fileprivate mutating func appendCode(of symbol: Int) {
        switch symbol {
        case ..<144: appendCode(0x30 + symbol, count: 8)
        case ..<256: appendCode(0x190 + symbol - 144, count: 9)
        case ..<280: appendCode(symbol - 256, count: 7)
        default: appendCode(0xC0 + symbol - 280, count: 8)
        }
    }

    /// Appends a repeat of `length` bytes at `distance`: RFC 1951, 3.2.5.
    fileprivate mutating func appendRepeat(length: Int, distance: Int) {
        if length == 258 {
            appendCode(of: 285)
        } else {
            let (code, extra, count) = Self.split(length - 3, perSize: 4)
            appendCode(of: 257 + code)
            append(extra, count: count)
        }
        let (code, extra, count) = Self.split(distance - 1, perSize: 2)
        appendCode(code, count: 5)
        append(extra, count: count)
    }

    /// Appends a Huffman code, highest bit first.
    private mutating func appendCode(_ code: Int, count: Int) {
        for bit in (0..<count).reversed() { append(code >> bit & 1, count: 1) }
    }

    /// Returns the code of a length or distance and its extra bits: there are `perSize` codes for
    /// each number of extra bits, after twice as many without extra bits.
    private static func split(
        _ value: Int, perSize: Int
    ) -> (code: Int, extra: Int, count: Int) {
        var (code, start, count) = (0, 0, 0)
        while value >= start + 1 << count {
            start += 1 << count
            code += 1
            if code >= 2 * perSize, code.isMultiple(of: perSize) { count += 1 }
        }
        return (code, value - start, count)
    }
}
