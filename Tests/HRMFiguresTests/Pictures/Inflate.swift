/// A decompressor of RFC 1951 for stored blocks and fixed codes, bit by bit, written from the
/// specification alone.
struct Inflate {
    struct Damage: Error {
        var reason: String
    }

    private let bytes: [UInt8]
    private var bit = 0
    private(set) var content: [UInt8] = []

    /// Returns the content of a zlib stream, and verifies its checksum.
    static func zlib(_ stream: [UInt8]) throws -> [UInt8] {
        guard stream.count > 6, stream[0] & 15 == 8,
            (Int(stream[0]) << 8 | Int(stream[1])).isMultiple(of: 31), stream[1] & 32 == 0
        else { throw Damage(reason: "zlib header") }
        var inflate = Inflate(bytes: Array(stream.dropFirst(2).dropLast(4)))
        try inflate.run()
        var sums = (1, 0)
        for byte in inflate.content {
            sums.0 = (sums.0 + Int(byte)) % 65521
            sums.1 = (sums.1 + sums.0) % 65521
        }
        let stored = stream.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard stored == sums.1 << 16 | sums.0 else { throw Damage(reason: "Adler-32") }
        return inflate.content
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func run() throws {
        var isLast = false
        while !isLast {
            isLast = try number(1) == 1
            switch try number(2) {
            case 0: try copyStored()
            case 1: try decodeFixed()
            default: throw Damage(reason: "kind of block")
            }
        }
        guard (bit + 7) / 8 == bytes.count else { throw Damage(reason: "bytes behind the end") }
    }

    private mutating func copyStored() throws {
        bit = (bit + 7) / 8 * 8
        let length = try number(16)
        guard try number(16) == length ^ 0xFFFF else { throw Damage(reason: "length") }
        for _ in 0..<length { content.append(UInt8(try number(8))) }
    }

    private mutating func decodeFixed() throws {
        while true {
            let symbol = try fixedSymbol()
            if symbol < 256 { content.append(UInt8(symbol)) }
            if symbol == 256 { return }
            guard symbol > 256 else { continue }
            let lengths = [
                3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83,
                99, 115, 131, 163, 195, 227, 258,
            ]
            guard symbol - 257 < lengths.count else { throw Damage(reason: "code of a length") }
            let place = symbol - 257
            let lengthBits = place < 8 || place == 28 ? 0 : place / 4 - 1
            let length = lengths[place] + (try number(lengthBits))
            let distances = [
                1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769,
                1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
            ]
            let code = try huffman(5)
            guard code < distances.count else { throw Damage(reason: "code of a distance") }
            let distance = distances[code] + (try number(code < 4 ? 0 : code / 2 - 1))
            guard distance <= content.count else { throw Damage(reason: "distance") }
            for _ in 0..<length { content.append(content[content.count - distance]) }
        }
    }

    private mutating func fixedSymbol() throws -> Int {
        let seven = try huffman(7)
        if seven <= 0b001_0111 { return 256 + seven }
        let eight = seven << 1 | (try number(1))
        switch eight {
        case 0b0011_0000...0b1011_1111: return eight - 0b0011_0000
        case 0b1100_0000...0b1100_0111: return 280 + eight - 0b1100_0000
        default: return 144 + (eight << 1 | (try number(1))) - 0b1_1001_0000
        }
    }

    /// Reads a number, lowest bit first.
    private mutating func number(_ count: Int) throws -> Int {
        try (0..<count).reduce(0) { sum, place in sum | (try nextBit()) << place }
    }

    /// Reads a code, highest bit first.
    private mutating func huffman(_ count: Int) throws -> Int {
        try (0..<count).reduce(0) { sum, _ in sum << 1 | (try nextBit()) }
    }

    private mutating func nextBit() throws -> Int {
        guard bit < 8 * bytes.count else { throw Damage(reason: "end of the bits") }
        defer { bit += 1 }
        return Int(bytes[bit / 8] >> UInt8(bit % 8) & 1)
    }
}
