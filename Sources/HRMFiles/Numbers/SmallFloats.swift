extension Float {
    /// Creates the number whose upper 16 bits are given; the lower bits are 0.
    init(bfloat16Bits bits: UInt16) {
        self.init(bitPattern: UInt32(bits) << 16)
    }

    /// The nearest bfloat16, ties to even; NaN stays NaN.
    var bfloat16Bits: UInt16 {
        if isNaN { return UInt16(truncatingIfNeeded: bitPattern >> 16) | 0x40 }
        let odd = (bitPattern >> 16) & 1
        return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ odd) >> 16)
    }

    /// Creates the exact value of an IEEE 754 binary16 number.
    ///
    /// The standard library's `Float16` is not available on all platforms of this package.
    init(binary16Bits bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            self = sign == 0 ? magnitude : -magnitude
        case 0x1F: self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// Creates the value of an 8-bit number with 4 exponent bits (bias 7) and 3 fraction bits,
    /// without infinities and with one NaN of each sign ("E4M3FN").
    init(e4m3Bits bits: UInt8) {
        let exponent = Int(bits >> 3) & 0xF
        let fraction = Float(bits & 7)
        let magnitude: Float
        switch (exponent, bits & 7) {
        case (0xF, 7): magnitude = .nan
        case (0, _): magnitude = fraction * 0x1p-9
        default:
            magnitude = (8 + fraction) * Float(sign: .plus, exponent: exponent - 10, significand: 1)
        }
        self = bits & 0x80 == 0 ? magnitude : -magnitude
    }
}
