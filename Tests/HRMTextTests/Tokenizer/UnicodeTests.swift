import Foundation
import HRMTensor
import Testing

@testable import HRMText

@Suite struct UnicodeTests {
    /// The system's Unicode is at least as new as the tables; younger characters have no class.
    @Test func classesAreThoseOfUnicode16() {
        var differences: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let properties = scalar.properties
            let isKnown = properties.age.map { $0.major <= 16 } ?? false
            let expected: ScalarClass =
                switch properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                    .otherLetter:
                    isKnown ? .letter : .other
                case .decimalNumber, .letterNumber, .otherNumber: isKnown ? .number : .other
                default:
                    value == 0xA || value == 0xD
                        ? .lineEnd : properties.isWhitespace ? .space : .other
                }
            if ScalarClass(value) != expected { differences.append(value) }
        }
        #expect(differences.isEmpty, "\(differences.prefix(20).map { String($0, radix: 16) })")
    }

    @Test func combiningClassesAreThoseOfUnicode9() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isKnown = scalar.properties.age.map { $0.major <= 9 } ?? false
            let expected = isKnown ? scalar.properties.canonicalCombiningClass.rawValue : 0
            #expect(CanonicalTables.shared.combiningClass(value) == expected, "\(scalar)")
            if CanonicalTables.shared.combiningClass(value) != expected { return }
        }
    }

    /// Foundation's normalization is an independent one.
    @Test func normalizesAsFoundation() {
        var generator = SeededGenerator(seed: 3)
        let pool = (UInt32(0xA0)...0x2FA1D).compactMap { Unicode.Scalar($0) }.filter { scalar in
            guard let age = scalar.properties.age, age.major <= 9 else { return false }
            // Foundation does not reorder starters that decompose to marks, and composes some old
            // Hangul letters to code points that are no syllables.
            guard ![0x344, 0xF73, 0xF75, 0xF81].contains(scalar.value) else { return false }
            return scalar.properties.canonicalCombiningClass != .notReordered
                || CanonicalTables.shared.decomposition(scalar.value) != nil
                || (0x1100...0x1112).contains(scalar.value)
                || (0x1161...0x1175).contains(scalar.value)
                || (0x11A8...0x11C2).contains(scalar.value)
                || (0xAC00...0xAC40).contains(scalar.value)
        }
        #expect(pool.count > 2000)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                text.unicodeScalars.append(
                    Bool.random(using: &generator)
                        ? pool.randomElement(using: &generator) ?? "a"
                        : "aeqAEOu \u{300}\u{301}\u{323}".unicodeScalars.randomElement(
                            using: &generator) ?? "a")
            }
            let ours = CanonicalComposition.normalized(text.unicodeScalars.map(\.value))
            let expected = text.precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
            #expect(ours == expected, "\(text.unicodeScalars.map(\.value))")
            if ours != expected { return }
        }
    }

    @Test func reordersDecomposedStarters() {
        let ours = CanonicalComposition.normalized([0x300, 0xF75, 0x8E4, 0x300, 0x45])
        #expect(ours == [0xF71, 0xF74, 0x300, 0x8E4, 0x300, 0x45])
    }

    @Test(arguments: [
        ("a's", ["a", "'s"]), ("'sa", ["'s", "a"]), ("I'LL", ["I", "'LL"]),
        ("'lx", ["'lx"]), ("12a", ["1", "2", "a"]), ("a  b", ["a", " ", " b"]),
        ("a \n b", ["a", " \n", " b"]), ("!!\n\nx", ["!!\n\n", "x"]), (" !", [" !"]),
        ("\t!", ["\t", "!"]), ("\u{A0}a", ["\u{A0}a"]), ("  ", ["  "]),
        ("a  1", ["a", " ", " ", "1"]),
        ("\r\n\r\n a", ["\r\n\r\n", " a"]), ("e\u{301}x", ["\u{E9}x"]), ("-a", ["-a"]),
    ])
    func splits(_ text: String, pieces: [String]) {
        let scalars = CanonicalComposition.normalized(text.unicodeScalars.map(\.value))
        var found: [String] = []
        SplitPattern.forEachPiece(of: scalars) {
            found.append(String(decoding: SplitPattern.utf8(scalars[$0]), as: UTF8.self))
        }
        #expect(found == pieces)
    }
}
