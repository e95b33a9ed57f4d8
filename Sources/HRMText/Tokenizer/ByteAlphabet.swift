/// The characters by which a byte-level tokenizer writes bytes in its file.
///
/// The printable bytes 21–7E, A1–AC and AE–FF (hexadecimal) stand for themselves; the other 68
/// are, in order, the characters from U+0100.
enum ByteAlphabet {
    /// The code point of each byte.
    static let scalars: [UInt32] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
            default:
                defer { next += 1 }
                return next
            }
        }
    }()

    private static let bytes: [UInt32: UInt8] = Dictionary(
        uniqueKeysWithValues: scalars.enumerated().map { ($1, UInt8($0)) })

    /// Returns the byte of a code point; nil if it is not in the alphabet.
    static func byte(_ scalar: UInt32) -> UInt8? { bytes[scalar] }

    /// Returns the bytes of a token; nil if a character is not in the alphabet.
    static func bytes(of token: String) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in token.unicodeScalars {
            guard let byte = byte(scalar.value) else { return nil }
            result.append(byte)
        }
        return result
    }

    /// Returns the token of bytes.
    static func token(of bytes: some Sequence<UInt8>) -> String {
        var token = ""
        for byte in bytes {
            if let scalar = Unicode.Scalar(scalars[Int(byte)]) {
                token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}
