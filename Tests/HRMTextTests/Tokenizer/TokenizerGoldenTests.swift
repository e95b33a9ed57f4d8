import Foundation
import HRMText
import Testing

@Suite struct TokenizerGoldenTests {
    @Test func goldensArePresent() throws {
        let golden = try TokenizerGolden.load()
        #expect(golden.strings.count == 62)
        #expect(golden.decode.count == 17)
        #expect(golden.prompts.count == 5)
    }

    @Test(arguments: TokenizerGolden.names)
    func encodesAndDecodes(_ name: String) throws {
        let golden = try TokenizerGolden.load()
        let tokenizer = try TokenizerGolden.tokenizer(name)
        #expect(tokenizer.vocabularySize == golden.vocabularySize)
        for string in golden.strings {
            let comment = Comment(rawValue: string.testDescription)
            #expect(
                tokenizer.encode(string.text, controlTokens: .recognized) == string.ids, comment)
            #expect(tokenizer.encode(string.text) == string.idsPlain, comment)
            #expect(scalars(tokenizer.decode(string.ids)) == scalars(string.decoded), comment)
            #expect(
                scalars(tokenizer.decode(string.ids, skipsControlTokens: true))
                    == scalars(string.decodedSkip), comment)
        }
    }

    @Test func decodesCutCharacters() throws {
        let golden = try TokenizerGolden.load()
        let tokenizer = try TokenizerGolden.tokenizer()
        for cut in golden.decode {
            #expect(
                scalars(tokenizer.decode(cut.ids)) == scalars(cut.text),
                Comment(rawValue: cut.what))
        }
    }

    @Test func knowsSpecialTokens() throws {
        let golden = try TokenizerGolden.load()
        let tokenizer = try TokenizerGolden.tokenizer()
        for (name, id) in golden.special {
            #expect(tokenizer.specialToken(name) == id)
            #expect(tokenizer.isControlToken(id))
            #expect(tokenizer.bytes(of: id) == Array(name.utf8))
        }
        #expect(tokenizer.specialToken("<|nothing|>") == nil)
        #expect(tokenizer.specialToken("Hello") == nil)
    }

    @Test func countsBytesWithoutTokens() throws {
        let golden = try TokenizerGolden.load()
        let tokenizer = try TokenizerGolden.tokenizer()
        #expect(!golden.missingBytes.isEmpty)
        let low = golden.missingBytes.filter { $0 < 0x80 }
        #expect(tokenizer.unknownBytes(in: String(decoding: low, as: UTF8.self)) == low.count)
        #expect(tokenizer.unknownBytes(in: "The answer is 42.") == 0)
    }
}
