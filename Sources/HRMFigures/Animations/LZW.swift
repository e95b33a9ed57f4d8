/// The compression of GIF files: variable-length codes for sequences seen before.
enum LZW {
    private static let mostCodes = 1 << 12

    /// Compresses numbers.
    ///
    /// - Parameters:
    ///   - content: Numbers below `1 << codeSize`.
    ///   - codeSize: The number of bits of a number, 2 through 8.
    /// - Returns: The codes, lowest bit first.
    static func compressed(_ content: [UInt8], codeSize: Int) -> [UInt8] {
        let clear = 1 << codeSize
        let end = clear + 1
        var writer = BitWriter()
        // A sequence is identified by the code of all but its last number, and that number.
        var codes: [Int: Int] = [:]
        var next = end + 1
        var length = codeSize + 1
        writer.append(clear, count: length)
        var run: Int?
        for number in content {
            guard let known = run else {
                run = Int(number)
                continue
            }
            let key = known << 8 | Int(number)
            if let code = codes[key] {
                run = code
                continue
            }
            writer.append(known, count: length)
            run = Int(number)
            if next < mostCodes {
                codes[key] = next
                // The decoder learns a code one step later than the encoder.
                if next == 1 << length { length += 1 }
                next += 1
            } else {
                writer.append(clear, count: length)
                codes.removeAll(keepingCapacity: true)
                next = end + 1
                length = codeSize + 1
            }
        }
        if let run {
            writer.append(run, count: length)
            if next == 1 << length, length < 12 { length += 1 }
        }
        writer.append(end, count: length)
        return writer.finished
    }
}
