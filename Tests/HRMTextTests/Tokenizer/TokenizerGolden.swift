import Foundation
import HRMText
import Testing

/// The recorded tokenizer: a `tokenizer.json` with texts and the tokens that the Python package
/// `tokenizers` gives for them.
struct TokenizerGolden: Decodable {
    struct Text: Decodable, CustomTestStringConvertible {
        var text: String
        var ids: [Int32]
        var idsPlain: [Int32]
        var decoded: String
        var decodedSkip: String
        var testDescription: String { text.debugDescription }
    }

    struct Cut: Decodable {
        var what: String
        var ids: [Int32]
        var text: String
    }

    struct Prompt: Decodable {
        var condition: String
        var text: String
        var ids: [Int32]
        var idsPlainText: [Int32]
    }

    var vocabularySize: Int
    var special: [String: Int32]
    var strings: [Text]
    var decode: [Cut]
    var prompts: [Prompt]
    var missingBytes: [UInt8]

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/tokenizer")
    static let names = ["tokenizer.json", "tokenizer.oldmerges.json"]

    static func load() throws -> TokenizerGolden {
        let data = try Data(contentsOf: folder.appendingPathComponent("case.json"))
        return try JSONDecoder().decode(TokenizerGolden.self, from: data)
    }

    static func tokenizer(_ name: String = names[0]) throws -> Tokenizer {
        try Tokenizer(contentsOf: folder.appendingPathComponent(name))
    }
}

/// Code points, because Swift's strings are equal if they are canonically equivalent.
func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }
