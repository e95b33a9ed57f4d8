/// Writes numbers from the lowest bit of each byte to the highest, as Deflate and GIF both do.
struct BitWriter {
    private var bytes: [UInt8]
    private var pending = 0
    private var pendingCount = 0

    /// - Parameter bytes: What stands before the first bit.
    init(bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// All bytes; the bits that are missing to the last one are 0.
    var finished: [UInt8] {
        pendingCount == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)]
    }

    /// Adds a number of at most 16 bits, its lowest bit first.
    mutating func append(_ value: Int, count: Int) {
        pending |= value << pendingCount
        pendingCount += count
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }
}
