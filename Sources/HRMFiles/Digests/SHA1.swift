/// SHA-1 (FIPS 180-4, 6.1), the hash in git's names of small files, which a hub uses as well.
package typealias SHA1 = MessageDigest<SHA1Function>

/// The compression function of SHA-1.
package struct SHA1Function: DigestFunction {
    package private(set) var state: [UInt32] = [
        0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0,
    ]
    private var schedule = [UInt32](repeating: 0, count: 80)

    package init() {}

    package mutating func compress(_ bytes: [UInt8], at start: Int) {
        Self.loadBlock(bytes, at: start, into: &schedule)
        for t in 16..<80 {
            let word = schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16]
            schedule[t] = word.rotatedLeft(by: 1)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for t in 0..<80 {
            let (mixed, constant): (UInt32, UInt32) =
                switch t {
                case ..<20: (b & c ^ ~b & d, 0x5a82_7999)
                case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
                case ..<60: (b & c ^ b & d ^ c & d, 0x8f1b_bcdc)
                default: (b ^ c ^ d, 0xca62_c1d6)
                }
            let temporary = a.rotatedLeft(by: 5) &+ mixed &+ e &+ constant &+ schedule[t]
            (e, d, c, b, a) = (d, c, b.rotatedLeft(by: 30), a, temporary)
        }
        for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
    }
}
