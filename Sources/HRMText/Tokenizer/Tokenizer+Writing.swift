public import Foundation
import HRMFiles

extension Tokenizer {
    /// Writes a `tokenizer.json` that the Python package `tokenizers` reads as well.
    ///
    /// - Parameter url: The file; existing content is replaced atomically.
    /// - Throws: ``TokenizerError`` with the system's message.
    public func write(to url: URL) throws(TokenizerError) {
        do {
            try AtomicFile.write(Data(json.utf8), to: url)
        } catch {
            throw .file(error)
        }
    }

    /// The content of the file.
    var json: String {
        let added = special.tokens.map { token in
            let content = JSONText.quoted(String(decoding: token.content, as: UTF8.self))
            return """
                {"id":\(token.id),"content":\(content),"single_word":false,"lstrip":false,\
                "rstrip":false,"normalized":false,"special":\(token.isControl)}
                """
        }
        let vocabulary = tokens.indices.compactMap { id in
            name(of: id).map { "\(JSONText.quoted($0)):\(id)" }
        }
        let pairs = merges.pairs.map { pair in
            let names = [pair.left, pair.right].map { JSONText.quoted(name(of: Int($0)) ?? "") }
            return "[\(names[0]),\(names[1])]"
        }
        let expression = JSONText.quoted(SplitPattern.expression)
        return """
            {"version":"1.0","truncation":null,"padding":null,
            "added_tokens":[
            \(added.joined(separator: ",\n"))],
            "normalizer":{"type":"NFC"},
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":\
            {"Regex":\(expression)},"behavior":"Isolated","invert":false},{"type":"ByteLevel",\
            "add_prefix_space":false,"trim_offsets":false,"use_regex":false}]},
            "post_processor":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,\
            "use_regex":false},
            "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,\
            "use_regex":true},
            "model":{"type":"BPE","dropout":null,"unk_token":null,\
            "continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,\
            "byte_fallback":false,"ignore_merges":false,
            "vocab":{
            \(vocabulary.joined(separator: ",\n"))},
            "merges":[
            \(pairs.joined(separator: ",\n"))]}}

            """
    }

    /// Returns the spelling of a token in the vocabulary; nil for an unused number.
    private func name(of id: Int) -> String? {
        if let token = special.token(Int32(id)) {
            return String(decoding: token.content, as: UTF8.self)
        }
        return tokens[id].map { ByteAlphabet.token(of: $0) }
    }
}
