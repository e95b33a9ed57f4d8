import Testing

@testable import HRMFiles

/// The examples of FIPS 180-4, and every length around a block boundary.
@Suite struct MessageDigestTests {
    private static let twoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    private static let millionLetters = [UInt8](repeating: 0x61, count: 1_000_000)

    @Test func sha256OfTheStandardsExamples() {
        let digest = { (text: String) in SHA256.hexadecimal(of: Array(text.utf8)) }
        #expect(
            digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            digest(Self.twoBlocks)
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            SHA256.hexadecimal(of: Self.millionLetters)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func sha1OfTheStandardsExamples() {
        let digest = { (text: String) in SHA1.hexadecimal(of: Array(text.utf8)) }
        #expect(digest("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(digest("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(digest(Self.twoBlocks) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            SHA1.hexadecimal(of: Self.millionLetters) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    }

    @Test(arguments: [1, 7, 55, 56, 63, 64, 65, 127, 128, 129, 200])
    func piecesGiveTheDigestOfTheWhole(pieceSize: Int) {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var digest = SHA256()
        for start in stride(from: 0, to: message.count, by: pieceSize) {
            digest.update(with: Array(message[start..<min(start + pieceSize, message.count)]))
        }
        #expect(digest.finalizedHexadecimal() == SHA256.hexadecimal(of: message))
    }
}
