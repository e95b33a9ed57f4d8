/// A digest of FIPS 180-4 with blocks of 64 bytes: SHA-1 or SHA-256.
///
/// It identifies content and detects transfer errors; it is not used for security.
package struct MessageDigest<Function: DigestFunction> {
    private var function = Function()
    /// The bytes of an incomplete block; fewer than 64.
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Creates the digest of an empty message.
    package init() { pending.reserveCapacity(Self.blockSize) }

    /// Returns the digest of some bytes in hexadecimal digits.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        var digest = Self()
        digest.update(with: bytes)
        return digest.finalizedHexadecimal()
    }

    /// Appends bytes to the message.
    package mutating func update(with bytes: [UInt8]) {
        byteCount += UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(Self.blockSize - pending.count, bytes.count)
            pending.append(contentsOf: bytes[..<start])
            guard pending.count == Self.blockSize else { return }
            function.compress(pending, at: 0)
            pending.removeAll(keepingCapacity: true)
        }
        while bytes.count - start >= Self.blockSize {
            function.compress(bytes, at: start)
            start += Self.blockSize
        }
        pending.append(contentsOf: bytes[start...])
    }

    /// Pads the message (FIPS 180-4, 5.1.1) and returns its digest in lowercase hexadecimal digits.
    package consuming func finalizedHexadecimal() -> String {
        let bitCount = byteCount * 8
        let zeros = (Self.blockSize + 55 - pending.count) % Self.blockSize
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64($0))) }
        update(with: [0x80] + [UInt8](repeating: 0, count: zeros) + length)
        return function.state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private static var blockSize: Int { 64 }
}

/// A compression function with its chaining state.
package protocol DigestFunction {
    /// The words of the chaining state; after the last block, the digest.
    var state: [UInt32] { get }

    /// Creates the initial state of the standard.
    init()

    /// Compresses the block of 64 bytes that begins at `start`.
    mutating func compress(_ bytes: [UInt8], at start: Int)
}

extension DigestFunction {
    /// Loads a block as big-endian words into the first 16 words of a message schedule.
    static func loadBlock(_ bytes: [UInt8], at start: Int, into schedule: inout [UInt32]) {
        for index in 0..<16 {
            let byte = start + 4 * index
            schedule[index] =
                UInt32(bytes[byte]) << 24 | UInt32(bytes[byte + 1]) << 16
                | UInt32(bytes[byte + 2]) << 8 | UInt32(bytes[byte + 3])
        }
    }
}

extension UInt32 {
    func rotatedLeft(by count: UInt32) -> UInt32 { self &<< count | self &>> (32 &- count) }
}
