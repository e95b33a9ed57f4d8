public import Foundation
import HRMFiles

extension Tokenizer {
    /// The largest accepted size of a file in bytes; the largest published ones have some 11 MB.
    private static let mostBytes = 64 << 20
    /// The largest accepted number of a token.
    static let largestToken = 1 << 22
    /// The largest accepted length of a special token in bytes.
    static let longestSpecialToken = 256

    /// Reads `tokenizer.json`.
    ///
    /// - Parameter url: The file, or the folder that contains it.
    /// - Throws: ``TokenizerError`` if the file cannot be read, is damaged, or has a setting that is
    ///   not supported, which the error names.
    public init(contentsOf url: URL) throws(TokenizerError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        let file =
            exists && isFolder.boolValue ? url.appendingPathComponent("tokenizer.json") : url
        let data: Data
        do {
            data = try InputFile.small(file, limit: Self.mostBytes)
        } catch {
            throw .file(error)
        }
        try self.init(json: Array(data))
    }

    /// Reads the bytes of a `tokenizer.json`.
    ///
    /// - Parameter bytes: JSON in UTF-8.
    /// - Throws: ``TokenizerError``.
    public init(json bytes: [UInt8]) throws(TokenizerError) {
        let file: TokenizerFile
        do {
            file = try JSONText.decode(TokenizerFile.self, from: bytes)
        } catch {
            throw .invalidJSON(reason: error.explanation())
        }
        try TokenizerSettings.check(file)
        try self.init(file)
    }

    private init(_ file: TokenizerFile) throws(TokenizerError) {
        let special = try Self.specialTokens(file)
        let ids = try Self.numbers(file, special)
        var tokens = [[UInt8]?](repeating: nil, count: (ids.values.max() ?? -1) + 1)
        var byteTokens = [Int32?](repeating: nil, count: 256)
        let specialIDs = Set(special.map { Int($0.id) })
        for (token, id) in ids where !specialIDs.contains(id) {
            guard let bytes = ByteAlphabet.bytes(of: token) else {
                throw .inconsistent(
                    place: "the token \(token.quoted)",
                    reason: "has a character that stands for no byte")
            }
            tokens[id] = bytes
            if bytes.count == 1 { byteTokens[Int(bytes[0])] = Int32(id) }
        }
        for token in special { tokens[Int(token.id)] = token.content }
        self.init(
            tokens: tokens, byteTokens: byteTokens, merges: try Self.merges(file, ids),
            special: SpecialTokens(special))
    }

    private static func specialTokens(
        _ file: TokenizerFile
    ) throws(TokenizerError) -> [SpecialTokens.Token] {
        var special: [SpecialTokens.Token] = []
        var next = file.model.vocabulary.count
        var contents: Set<String> = []
        for token in file.addedTokens {
            let place = "the added token \(token.content.quoted)"
            let count = token.content.utf8.count
            guard (1...longestSpecialToken).contains(count) else {
                throw .inconsistent(
                    place: place,
                    reason: "has \(count) bytes; 1 to \(longestSpecialToken) are accepted")
            }
            guard contents.insert(token.content).inserted else {
                throw .inconsistent(place: place, reason: "is there twice")
            }
            // The Python library ignores a number in the file that differs from this one.
            let expected = file.model.vocabulary[token.content] ?? next
            guard token.id == expected, token.id <= largestToken else {
                throw .inconsistent(
                    place: place, reason: "has the number \(token.id), expected \(expected)")
            }
            if file.model.vocabulary[token.content] == nil { next += 1 }
            special.append(
                .init(
                    id: Int32(token.id), content: Array(token.content.utf8),
                    isControl: token.settings["special"] == .flag(true)))
        }
        return special
    }

    /// Returns the number of each token, including special ones.
    private static func numbers(
        _ file: TokenizerFile, _ special: [SpecialTokens.Token]
    ) throws(TokenizerError) -> [String: Int] {
        var ids = file.model.vocabulary
        for token in special { ids[String(decoding: token.content, as: UTF8.self)] = Int(token.id) }
        var seen: Set<Int> = []
        for (token, id) in ids.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            guard (0...largestToken).contains(id) else {
                throw .inconsistent(
                    place: "the token \(token.quoted)",
                    reason: "has the number \(id); 0 to \(largestToken) are accepted")
            }
            guard seen.insert(id).inserted else {
                throw .inconsistent(
                    place: "the token \(token.quoted)",
                    reason: "has the number \(id) of another token")
            }
        }
        guard !ids.isEmpty else {
            throw .inconsistent(place: "the vocabulary", reason: "is empty")
        }
        return ids
    }

    private static func merges(
        _ file: TokenizerFile, _ ids: [String: Int]
    ) throws(TokenizerError) -> BytePairMerges {
        var merges = BytePairMerges(capacity: file.model.merges.pairs.count)
        if let place = file.model.merges.invalidPlace {
            throw .inconsistent(place: "merge \(place)", reason: "does not have two tokens")
        }
        for (place, pair) in file.model.merges.pairs.enumerated() {
            func id(_ token: String) throws(TokenizerError) -> Int32 {
                guard let id = file.model.vocabulary[token] else {
                    throw .inconsistent(
                        place: "merge \(place)",
                        reason: "needs the token \(token.quoted), which the vocabulary lacks")
                }
                return Int32(id)
            }
            let (left, right) = (String(pair.left), String(pair.right))
            guard
                merges.append(
                    try id(left), try id(right), id: try id(left + right))
            else {
                throw .inconsistent(
                    place: "merge \(place)",
                    reason: "of \(left.quoted) and \(right.quoted) is there twice")
            }
        }
        return merges
    }
}
