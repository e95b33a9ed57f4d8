import Foundation
import HRMText
import Testing
import _HRMTestSupport

@Suite struct TokenizerFileTests {
    /// A small complete file.
    static func text(
        model: String = "", top: String = "", added: String = "", merges: String = #"["a","b"]"#
    ) -> String {
        let expression =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"#
            + #"| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"#
        return """
            {"version": "1.0", "truncation": null, "padding": null, \(top)
            "added_tokens": [{"id": 4, "content": "<e>", "single_word": false, "lstrip": false,
             "rstrip": false, "normalized": false, "special": true\(added)}],
            "normalizer": {"type": "NFC"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
             {"type": "Split", "pattern": {"Regex": "\(expression)"},
              "behavior": "Isolated", "invert": false},
             {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
            "post_processor": null, "decoder": {"type": "ByteLevel"},
            "model": {"type": "BPE", \(model) "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3},
            "merges": [\(merges)]}}
            """
    }

    static func error(_ text: String) -> TokenizerError? {
        do throws(TokenizerError) {
            _ = try Tokenizer(json: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func readsASmallFile() throws {
        let tokenizer = try Tokenizer(json: Array(Self.text().utf8))
        #expect(tokenizer.encode("abba ab<e>") == [2, 1, 0, 3, 2])
        #expect(tokenizer.encode("ab<e>", controlTokens: .recognized) == [2, 4])
        #expect(tokenizer.vocabularySize == 5)
    }

    @Test(arguments: [
        (#""dropout": 0.1,"#, "model.dropout"), (#""unk_token": "a","#, "model.unk_token"),
        (#""byte_fallback": true,"#, "model.byte_fallback"),
        (#""ignore_merges": true,"#, "model.ignore_merges"),
        (#""continuing_subword_prefix": "@@","#, "model.continuing_subword_prefix"),
        (#""surprise": [1],"#, "model.surprise"),
    ])
    func refusesModelSettings(_ member: String, name: String) {
        #expect(Self.error(Self.text(model: member))?.description.contains(name) == true)
    }

    @Test(arguments: [
        ("\"truncation\": null", #""truncation": {"max_length": 5}"#, "'truncation'"),
        ("\"padding\": null", #""padding": {"strategy": "x"}"#, "'padding'"),
        (#"{"type": "NFC"}"#, #"{"type": "NFKC"}"#, "'normalizer' {\"type\": \"NFKC\"}"),
        (#"{"type": "NFC"}"#, "null", "'normalizer' null"),
        (#""post_processor": null"#, #""post_processor": {"type": "X"}"#, "'post_processor'"),
        (#""decoder": {"type": "ByteLevel"}"#, #""decoder": {"type": "Fuse"}"#, "'decoder'"),
        (#""type": "BPE""#, #""type": "Unigram""#, "model.type"),
        (#"p{N}| ?"#, #"p{N}+| ?"#, "step 1"), (#""Isolated""#, #""Removed""#, "step 1"),
        (#""use_regex": false"#, #""use_regex": true"#, "step 2"),
        (#""version": "1.0""#, #""version": "2.0""#, "'version'"),
        (#""version": "1.0""#, #""version": "1.0", "new": 1"#, "the member 'new'"),
        (#""lstrip": false"#, #""lstrip": true"#, "lstrip of the added token '<e>'"),
        (#""normalized": false"#, #""normalized": true"#, "normalized of the added token"),
        (#""special": true"#, #""special": true, "new": 1"#, "new of the added token"),
        (#""id": 4"#, #""id": 9"#, "has the number 9, expected 4"),
        (#""<e>""#, #""""#, "has 0 bytes"), (#""ab": 2"#, #""ab": 1"#, "of another token"),
        (#""ab": 2"#, #""ab": -2"#, "has the number -2"),
        (#""ab": 2"#, #""ab": 99999999"#, "has the number 99999999"),
        (#""ab": 2"#, #""ac": 2"#, "needs the token 'ab'"),
        (#""Ġ": 3"#, #""語": 3"#, "stands for no byte"),
        (#"["a","b"]"#, #"["a","b"],["a","b"]"#, "is there twice"),
        (#"["a","b"]"#, #"["a","b","a"]"#, "does not have two tokens"),
        (#"["a","b"]"#, #""ab""#, "does not have two tokens"),
        (#"["a","b"]"#, #"["a","b"], 3"#, "not a list"),
        (#""vocab""#, #""words""#, "the key 'vocab' is missing"),
    ])
    func refusesByName(_ original: String, replacement: String, words: String) throws {
        let changed = Self.text().replacing(original, with: replacement, maxReplacements: 1)
        #expect(changed != Self.text())
        let description = try #require(Self.error(changed)?.description)
        #expect(description.contains(words), "\(description)")
    }

    @Test func missingFilesHaveAnError() throws {
        try withScratchFolder { folder in
            let error = #expect(throws: TokenizerError.self) {
                try Tokenizer(contentsOf: folder)
            }
            #expect(error?.description.contains("tokenizer.json cannot be read") == true)
        }
    }

    @Test func survivesMutation() throws {
        let large = try TokenizerTrainer(vocabularySize: 300).train()
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("tokenizer.json")
            try large.write(to: url)
            let originals = [
                Array(Self.text().utf8), Array(Self.text(merges: #""a b""#).utf8),
                Array(try Data(contentsOf: url)),
            ]
            let series = Mutations(
                "tokenizers", count: 3000, seed: 11, telling: "{}[]\",: 0123456789-etnrfuab\\".utf8,
                slowness: 4)
            let readable = series.run(on: originals) { round in
                do throws(TokenizerError) {
                    let tokenizer = try Tokenizer(json: round.bytes)
                    #expect(tokenizer.vocabularySize <= 1 << 23)
                    let ids = tokenizer.encode("ab aab<e>", controlTokens: .recognized)
                    #expect(ids.allSatisfy { tokenizer.bytes(of: $0) != nil })
                    _ = tokenizer.decode(ids)
                    return true
                } catch {
                    #expect(!error.description.isEmpty, "\(round.description)")
                    return false
                }
            }
            #expect(readable > 0 && readable < series.count)
        }
    }
}
