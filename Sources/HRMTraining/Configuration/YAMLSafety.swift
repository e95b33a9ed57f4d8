import Yams

/// Parsing of YAML from elsewhere without what can make a short text work without end.
///
/// An alias multiplies what its anchor names, at every level again, and no file of this package needs
/// one. Whether `*` begins an alias or is a part of a text, of quotes or of a comment, the parser alone
/// can tell; but it resolves aliases while it parses. So where a text has such marks it is parsed before
/// with the marks disarmed, one kind at a time:
///
/// * with letters for `*` there are no aliases, and the tree shows the anchors;
/// * with letters for `&` there are no anchors, so the first alias is an error, and names its line.
///
/// Where a text has neither, both parses meet the same tokens as the last one, since either mark means
/// nothing but itself wherever it does not begin a token. Where it has one, everything in front of the
/// first is met unchanged, and so is that one.
enum YAMLSafety {
    /// Levels of nesting that any file of this package could need.
    static let deepest = 64
    /// More lines, list elements and keys than any file of this package has.
    static let mostItems = 200_000

    /// The content of a document; nil when it is empty.
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

    /// The text with a letter in the place of every mark of a kind; of the same length, so that lines
    /// stay what they are.
    private static func disarmed(_ bytes: [UInt8], _ mark: UInt8) -> String {
        String(decoding: bytes.map { $0 == mark ? UInt8(ascii: "q") : $0 }, as: UTF8.self)
    }

    /// Refuses a text that could have more items than are accepted, by the marks that part them.
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
            // Nodes refer weakly to the anchors, which are the parser's.
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

    /// Refuses anchors and deep nesting in a tree that has no aliases.
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

    /// A tag that says more than which of YAML's own kinds a value is.
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
