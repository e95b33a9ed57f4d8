import Foundation
import HRMText
import Testing
import _HRMTestSupport

@Suite struct TokenizerTrainerTests {
    private static let text = "low lower lowest newest widest low low new 1234 'tis café naïve\n"

    private static func trained(size: Int = 320, minimumCount: Int = 2) throws -> Tokenizer {
        var trainer = try TokenizerTrainer(vocabularySize: size, minimumCount: minimumCount)
        for _ in 0..<3 { trainer.add(text) }
        return trainer.train()
    }

    @Test func mergesTheMostFrequentPairs() throws {
        let tokenizer = try Self.trained()
        #expect(tokenizer.encode("low").count == 1)
        #expect(tokenizer.encode(" lowest").count <= 3)
        #expect(tokenizer.encode("1234").count == 4)
        #expect(tokenizer.specialToken("<|box_end|>") == 11)
        #expect(tokenizer.vocabularySize > 300)
        #expect(try Self.trained(size: 300).vocabularySize == 300)
    }

    @Test func everyTextIsKept() throws {
        let tokenizer = try Self.trained(size: 31 + 256)
        let text = String(decoding: (0...255).map { UInt8($0) }, as: UTF8.self) + "語😀\u{0}"
        #expect(tokenizer.unknownBytes(in: text) == 0)
        #expect(tokenizer.encode(text).count == text.utf8.count)
        #expect(scalars(tokenizer.decode(tokenizer.encode(text))) == scalars(text))
    }

    @Test func readsWhatItWrites() throws {
        let tokenizer = try Self.trained()
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("tokenizer.json")
            try tokenizer.write(to: url)
            let read = try Tokenizer(contentsOf: folder)
            #expect(read.vocabularySize == tokenizer.vocabularySize)
            for id in 0..<Int32(read.vocabularySize) {
                #expect(read.bytes(of: id) == tokenizer.bytes(of: id))
            }
            let text = Self.text + "<|im_end|> lowestest"
            for tokens in [Tokenizer.ControlTokens.asText, .recognized] {
                #expect(
                    read.encode(text, controlTokens: tokens)
                        == tokenizer.encode(text, controlTokens: tokens))
            }
            try read.write(to: folder.appendingPathComponent("again.json"))
            #expect(
                try Data(contentsOf: url)
                    == Data(contentsOf: folder.appendingPathComponent("again.json")))
        }
    }

    @Test func rarePairsStayApart() throws {
        let tokenizer = try Self.trained(size: 5000, minimumCount: 4)
        #expect(tokenizer.vocabularySize < 5000)
        #expect(tokenizer.encode("widest").count > 1)
        let complete = try Self.trained(size: 5000, minimumCount: 1)
        #expect(complete.encode(" widest").count == 1)
    }

    @Test func impossibleSettingsAreRefused() {
        #expect(throws: TokenizerError.self) { try TokenizerTrainer(vocabularySize: 286) }
        #expect(throws: TokenizerError.self) {
            try TokenizerTrainer(vocabularySize: 300, specialTokens: [""])
        }
        #expect(throws: TokenizerError.self) {
            try TokenizerTrainer(vocabularySize: 300, specialTokens: ["a"])
        }
        #expect(throws: TokenizerError.self) {
            try TokenizerTrainer(vocabularySize: 300, specialTokens: ["<a>", "<a>"])
        }
    }
}
