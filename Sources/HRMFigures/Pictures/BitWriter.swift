/// Writes numbers into bytes from the lowest bit to the highest, as Deflate and GIF do.
struct BitWriter {
    private var bytes: [UInt8]
    private var pending = 0
    private var pendingCount = 0

    /// - Parameter bytes: The bytes before the first bit.
    init(bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// All bytes; unused bits of the last one are 0.
    var finished: [UInt8] {
        pendingCount == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)]
    }

    /// Appends a number of at most 16 bits, lowest bit first.
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
