import HRMTensor
import Testing

@testable import HRMText

@Suite struct StreamingDecoderTests {
    private static func tokenizer() throws -> Tokenizer {
        try TokenizerTrainer(vocabularySize: 287).train()
    }

    @Test func neverSplitsACharacter() throws {
        let tokenizer = try Self.tokenizer()
        let text = "aé語😀\u{10FFFF}\u{7FF}\u{800}"
        var decoder = StreamingDecoder(tokenizer)
        let parts = tokenizer.encode(text).map { decoder.append($0) }
        #expect(parts.filter { !$0.isEmpty } == text.map { String($0) })
        #expect(decoder.finish().isEmpty)
    }

    /// Any bytes, in any pieces, give what a decoder of the whole gives.
    @Test func agreesWithTheWhole() {
        var generator = SeededGenerator(seed: 7)
        let telling: [UInt8] = [
            0x61, 0x80, 0x9F, 0xA0, 0x8F, 0x90, 0xBF, 0xC0, 0xC3, 0xE0, 0xE3, 0xED, 0xF0, 0xF1,
            0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                telling.randomElement(using: &generator) ?? 0
            }
            var assembler = UTF8Assembler()
            var text = ""
            for byte in bytes { text += assembler.append([byte]) }
            text += assembler.finish()
            #expect(scalars(text) == scalars(String(decoding: bytes, as: UTF8.self)), "\(bytes)")
        }
    }

    @Test func controlTokensCanBeLeftOut() throws {
        let tokenizer = try Self.tokenizer()
        let ids = tokenizer.encode("a<|im_end|>b", controlTokens: .recognized)
        #expect(tokenizer.decode(ids) == "a<|im_end|>b")
        #expect(tokenizer.decode(ids, skipsControlTokens: true) == "ab")
        #expect(tokenizer.decode([-1, 999, ids[0]]) == "a")
    }
}
