package import Foundation

/// A defect in compressed bytes.
package struct InflateProblem: Error, Equatable {
    package var reason: String
}

/// Decompresses the format "deflate" (RFC 1951), piece by piece.
package struct Inflater {
    private static let windowSize = 1 << 15
    private static let pieceSize = 1 << 20
    private static let longestMatch = 258

    private var reader: BitReader
    /// The last bytes before the unwritten ones, as far back as a match may reach, and these.
    private var output = [UInt8](
        repeating: 0, count: windowSize + pieceSize + longestMatch)
    private var filled = 0
    private var written = 0
    private var dropped = 0
    private let limit: Int

    /// Creates a decompressor.
    ///
    /// - Parameters:
    ///   - input: The compressed bytes.
    ///   - limit: The largest number of bytes to return.
    package init(_ input: Data, limit: Int) {
        reader = BitReader(input)
        self.limit = limit
    }

    /// Decompresses everything.
    ///
    /// - Parameter body: Receives pieces of about a mebibyte.
    /// - Returns: The number of bytes.
    /// - Throws: ``InflateProblem`` if the input is damaged or longer than the limit, or the error
    ///   of `body`.
    package mutating func run(_ body: (Data) throws -> Void) throws -> Int {
        var isLast = false
        while !isLast {
            isLast = try reader.take(1) == 1
            switch try reader.take(2) {
            case 0: try copyStored(body)
            case 1: try decode(Self.fixedSymbols, Self.fixedDistances, body)
            case 2:
                let (symbols, distances) = try dynamicCodes()
                try decode(symbols, distances, body)
            default: throw InflateProblem(reason: "a block in it has an unknown kind")
            }
        }
        try write(body)
        return dropped + filled
    }

    private mutating func write(_ body: (Data) throws -> Void) throws {
        guard dropped + filled <= limit else {
            throw InflateProblem(reason: "it has more than \(limit.counted("byte"))")
        }
        if filled > written { try body(Data(output[written..<filled])) }
        written = filled
    }

    /// Writes a full piece, and keeps what matches may reach.
    private mutating func makeRoom(_ body: (Data) throws -> Void) throws {
        guard filled >= Self.windowSize + Self.pieceSize else { return }
        try write(body)
        let start = filled - Self.windowSize
        for index in 0..<Self.windowSize { output[index] = output[start + index] }
        dropped += start
        filled = Self.windowSize
        written = Self.windowSize
    }

    private mutating func copyStored(_ body: (Data) throws -> Void) throws {
        reader.alignToByte()
        let count = try reader.take(16)
        guard try reader.take(16) == count ^ 0xFFFF else {
            throw InflateProblem(reason: "a stored block in it has two different sizes")
        }
        for _ in 0..<count {
            output[filled] = UInt8(try reader.take(8))
            filled += 1
            try makeRoom(body)
        }
    }

    private mutating func decode(
        _ symbols: HuffmanCode, _ distances: HuffmanCode, _ body: (Data) throws -> Void
    ) throws {
        while true {
            let symbol = try reader.next(symbols)
            if symbol < 256 {
                output[filled] = UInt8(symbol)
                filled += 1
            } else if symbol == 256 {
                return
            } else {
                try copyMatch(symbol, distances)
            }
            try makeRoom(body)
        }
    }

    private mutating func copyMatch(_ symbol: Int, _ distances: HuffmanCode) throws {
        guard symbol - 257 < Self.lengthBases.count else {
            throw InflateProblem(reason: "a length in it has an unknown code")
        }
        let length =
            Self.lengthBases[symbol - 257] + (try reader.take(Self.lengthBits[symbol - 257]))
        let code = try reader.next(distances)
        guard code < Self.distanceBases.count else {
            throw InflateProblem(reason: "a distance in it has an unknown code")
        }
        let distance = Self.distanceBases[code] + (try reader.take(Self.distanceBits[code]))
        guard distance <= filled else {
            throw InflateProblem(reason: "it repeats bytes from before its beginning")
        }
        // The match may overlap what it writes.
        for index in filled..<(filled + length) { output[index] = output[index - distance] }
        filled += length
    }

    private mutating func dynamicCodes() throws -> (symbols: HuffmanCode, distances: HuffmanCode) {
        let symbolCount = try reader.take(5) + 257
        let distanceCount = try reader.take(5) + 1
        let codeCount = try reader.take(4) + 4
        guard symbolCount <= 286 else {
            throw InflateProblem(reason: "a block in it has too many symbols")
        }
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in Self.codeOrder.prefix(codeCount) { lengths[place] = UInt8(try reader.take(3)) }
        let code = try HuffmanCode(lengths: lengths)
        let count = symbolCount + distanceCount
        var all: [UInt8] = []
        while all.count < count {
            let symbol = try reader.next(code)
            switch symbol {
            case 0..<16: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last else {
                    throw InflateProblem(reason: "a code in it begins with a repetition")
                }
                all += [UInt8](repeating: last, count: 3 + (try reader.take(2)))
            case 17: all += [UInt8](repeating: 0, count: 3 + (try reader.take(3)))
            default: all += [UInt8](repeating: 0, count: 11 + (try reader.take(7)))
            }
        }
        guard all.count == count, all[256] > 0 else {
            throw InflateProblem(reason: "a block in it has an invalid code")
        }
        return (
            try HuffmanCode(lengths: Array(all[..<symbolCount])),
            try HuffmanCode(lengths: Array(all[symbolCount...]))
        )
    }

    private static let codeOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
    /// The extra bits of the codes of lengths (RFC 1951, 3.2.5), and their smallest lengths.
    private static let lengthBits =
        [0, 0, 0, 0] + (0..<6).flatMap { [Int](repeating: $0, count: 4) } + [0]
    private static let lengthBases =
        lengthBits.dropLast().reduce(into: [3]) { $0.append(($0.last ?? 0) + 1 << $1) }
        .dropLast() + [258]
    /// The same of distances.
    private static let distanceBits = [0, 0] + (0..<14).flatMap { [$0, $0] }
    private static let distanceBases = Array(
        distanceBits.reduce(into: [1]) { $0.append(($0.last ?? 0) + 1 << $1) }.dropLast())

    private static let fixedSymbols = HuffmanCode(
        valid: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = HuffmanCode(valid: [UInt8](repeating: 5, count: 30))
}

/// A canonical Huffman code as a table of all its longest words.
private struct HuffmanCode {
    /// The length of the longest word.
    let width: Int
    /// By the next `width` bits: the symbol and, in the lowest four bits, the length of its word; 0
    /// for no word.
    let table: [UInt16]

    /// Creates a code from the lengths of its words; 0 for symbols without one.
    init(lengths: [UInt8]) throws {
        var room = 1 << 15
        for length in lengths where length > 0 { room -= 1 << (15 - Int(length)) }
        guard room >= 0 else { throw InflateProblem(reason: "a code in it has too many words") }
        self.init(valid: lengths)
    }

    init(valid lengths: [UInt8]) {
        width = max(1, Int(lengths.max() ?? 0))
        var table = [UInt16](repeating: 0, count: 1 << width)
        var word = 0
        for length in 1...width {
            for (symbol, own) in lengths.enumerated() where Int(own) == length {
                // Words are read from their highest bit, the stream from the lowest.
                var reversed = 0
                for bit in 0..<length where word >> bit & 1 == 1 {
                    reversed |= 1 << (length - 1 - bit)
                }
                var index = reversed
                while index < table.count {
                    table[index] = UInt16(symbol << 4 | length)
                    index += 1 << length
                }
                word += 1
            }
            word <<= 1
        }
        self.table = table
    }
}

/// Reads bits, the lowest of each byte first.
private struct BitReader {
    private var rest: Data
    private var chunk: [UInt8] = []
    private var position = 0
    private var bits: UInt64 = 0
    private var bitCount = 0

    init(_ input: Data) {
        rest = input
    }

    private mutating func fill() {
        while bitCount <= 48 {
            if position == chunk.count {
                let next = rest.prefix(1 << 18)
                guard !next.isEmpty else { return }
                chunk = Array(next)
                rest = rest.dropFirst(next.count)
                position = 0
            }
            bits |= UInt64(chunk[position]) &<< UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func drop(_ count: Int) throws {
        guard count <= bitCount else { throw InflateProblem(reason: "it ends too early") }
        bits &>>= UInt64(count)
        bitCount -= count
    }

    /// Returns a number of at most 16 bits.
    mutating func take(_ count: Int) throws -> Int {
        if bitCount < count { fill() }
        let value = Int(bits & (1 &<< UInt64(count) &- 1))
        try drop(count)
        return value
    }

    /// Returns the symbol of the next word.
    mutating func next(_ code: HuffmanCode) throws -> Int {
        if bitCount < code.width { fill() }
        let entry = Int(code.table[Int(bits & UInt64(code.table.count - 1))])
        guard entry != 0 else { throw InflateProblem(reason: "it has a word that is no code") }
        try drop(entry & 15)
        return entry >> 4
    }

    mutating func alignToByte() {
        bits &>>= UInt64(bitCount % 8)
        bitCount -= bitCount % 8
    }
}
