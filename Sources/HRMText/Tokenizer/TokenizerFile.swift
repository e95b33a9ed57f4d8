import HRMFiles

/// The content of `tokenizer.json`, before it is checked.
struct TokenizerFile: Decodable {
    /// A token that is recognized as a whole.
    struct AddedToken: Decodable {
        var id: Int
        var content: String
        /// The members besides number and content.
        var settings: JSONTree

        private enum Key: String, CodingKey {
            case id, content
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            id = try container.wholeNumber(forKey: .id)
            content = try container.decode(String.self, forKey: .content)
            settings = try JSONTree(from: decoder).without(["id", "content"])
        }
    }

    /// The merges, as pairs or as texts with a space between the two tokens.
    struct Merges: Decodable {
        var pairs: [(left: Substring, right: Substring)] = []
        /// The place of a merge that does not consist of two tokens.
        var invalidPlace: Int?

        init() {}

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            guard !list.isAtEnd else { return }
            // One spelling for all merges: a failed attempt for each would be slow.
            guard let first = try? list.decode(String.self) else {
                while !list.isAtEnd {
                    let pair = try list.decode([String].self)
                    guard pair.count == 2 else {
                        invalidPlace = pairs.count
                        return
                    }
                    pairs.append((Substring(pair[0]), Substring(pair[1])))
                }
                return
            }
            add(first)
            while !list.isAtEnd, invalidPlace == nil { add(try list.decode(String.self)) }
        }

        private mutating func add(_ text: String) {
            guard let space = text.firstIndex(of: " ") else {
                invalidPlace = pairs.count
                return
            }
            pairs.append((text[..<space], text[text.index(after: space)...]))
        }
    }

    /// The model's vocabulary, merges and settings.
    struct Model: Decodable {
        /// Empty for models of other types.
        var vocabulary: [String: Int] = [:]
        /// Empty for models of other types.
        var merges = Merges()
        /// The members besides vocabulary and merges.
        var settings: [String: JSONTree]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            settings = try container.trees(except: ["vocab", "merges"])
            guard case .text("BPE") = settings["type"] ?? .text("BPE") else { return }
            vocabulary = try container.decode([String: Int].self, forKey: "vocab")
            merges = try container.decode(Merges.self, forKey: "merges")
        }
    }

    var addedTokens: [AddedToken]
    var model: Model
    /// The other members.
    var settings: [String: JSONTree]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        model = try container.decode(Model.self, forKey: "model")
        addedTokens = try container.decodeIfPresent([AddedToken].self, forKey: "added_tokens") ?? []
        settings = try container.trees(except: ["added_tokens", "model"])
    }
}

/// A member's name of any spelling.
private struct Name: CodingKey, ExpressibleByStringLiteral {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == Name {
    /// Returns all members except those named.
    fileprivate func trees(except names: Set<String>) throws -> [String: JSONTree] {
        var trees: [String: JSONTree] = [:]
        for key in allKeys where !names.contains(key.stringValue) {
            trees[key.stringValue] = try decode(JSONTree.self, forKey: key)
        }
        return trees
    }
}
