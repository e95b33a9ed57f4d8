import Yams

/// Parsing of untrusted YAML, protected against inputs that expand exponentially.
///
/// Aliases multiply the content of their anchors at every level, and no file of this package needs
/// them. Only the parser can tell whether `*` begins an alias or is part of a string, a quoted text
/// or a comment; but it resolves aliases while parsing. Texts with such characters are therefore
/// first parsed with the characters replaced, one kind at a time:
///
/// * with letters in place of `*` there are no aliases, and the tree shows the anchors;
/// * with letters in place of `&` there are no anchors, so the first alias is an error that names
///   its line.
///
/// If a text has no anchors or aliases, both parses produce the same tokens as the final one, since
/// the characters have no meaning except at the beginning of a token. Otherwise everything up to
/// and including the first anchor or alias is parsed unchanged.
enum YAMLSafety {
    /// The maximum nesting depth.
    static let deepest = 64
    /// The maximum number of lines, list elements and keys.
    static let mostItems = 200_000

    /// Returns the root of a document; nil if it is empty.
    static func root(of text: String) throws(YAMLProblem) -> Node? {
        try requireFewItems(in: text)
        let bytes = Array(text.utf8)
        let hasAnchors = bytes.contains(anchor)
        if bytes.contains(alias) {
            if hasAnchors { _ = try parsed(disarmed(bytes, alias)) }
            _ = try parsed(hasAnchors ? disarmed(bytes, anchor) : text)
        }
        return try parsed(text)
    }

    private static let anchor = UInt8(ascii: "&")
    private static let alias = UInt8(ascii: "*")

    /// Returns the text with a letter in place of every `mark`; its length is kept, so that line
    /// numbers remain valid.
    private static func disarmed(_ bytes: [UInt8], _ mark: UInt8) -> String {
        String(decoding: bytes.map { $0 == mark ? UInt8(ascii: "q") : $0 }, as: UTF8.self)
    }

    /// Refuses a text that could have too many items, judging by its separators.
    private static func requireFewItems(in text: String) throws(YAMLProblem) {
        let marks = Set("\n,:[{-?".utf8)
        let count = text.utf8.reduce(0) { $0 + (marks.contains($1) ? 1 : 0) }
        guard count <= mostItems else {
            throw YAMLProblem(
                reason: "it has more than \(mostItems) lines and items, which are not accepted")
        }
    }

    private static func parsed(_ text: String) throws(YAMLProblem) -> Node? {
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes refer weakly to anchors owned by the parser.
            return try withExtendedLifetime(parser) {
                let root = try parser.singleRoot()
                if let root { try check(root, depth: 1) }
                return root
            }
        } catch let problem as YAMLProblem {
            throw problem
        } catch {
            if case .composer(_, "found undefined alias", let mark, _)? = error as? YamlError {
                throw refusal(of: "*", line: mark.line)
            }
            throw YAMLProblem(reason: YAMLWords.of(error))
        }
    }

    /// Refuses anchors and deep nesting in a tree without aliases.
    private static func check(_ node: Node, depth: Int) throws(YAMLProblem) {
        if node.anchor != nil { throw refusal(of: "&", line: node.mark?.line) }
        if let tag = unknownTag(of: node) { throw refusal(ofTag: tag, line: node.mark?.line) }
        guard depth <= deepest else { throw YAMLWords.tooDeep(line: node.mark?.line) }
        switch node {
        case .scalar, .alias: break
        case .sequence(let sequence):
            for element in sequence { try check(element, depth: depth + 1) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try check(key, depth: depth + 1)
                try check(value, depth: depth + 1)
            }
        }
    }

    /// Returns the tag of a value if it is not one of YAML's own types.
    private static func unknownTag(of node: Node) -> String? {
        let known: Set<Tag.Name> = [
            .implicit, .nonSpecific, .str, .bool, .float, .int, .null, .map, .seq,
        ]
        let tag =
            switch node {
            case .scalar(let scalar): scalar.tag
            case .sequence(let sequence): sequence.tag
            case .mapping(let mapping): mapping.tag
            case .alias: Tag.implicit
            }
        return known.contains(.init(rawValue: tag.rawValue)) ? nil : tag.rawValue
    }

    private static func refusal(ofTag tag: String, line: Int?) -> YAMLProblem {
        YAMLProblem(
            reason:
                "\(YAMLWords.place(line)) has the tag '\(tag.prefix(80))', which is unknown; write the "
                + "value alone, or put quotes around a text that begins with '!'")
    }

    private static func refusal(of mark: Character, line: Int?) -> YAMLProblem {
        YAMLProblem(
            reason: "\(YAMLWords.place(line)) has an anchor or alias ('\(mark)'), which is not "
                + "accepted; write the value itself, or put quotes around a text that begins so")
    }
}
