import Yams

/// Why a text is not the YAML that a configuration is written in.
struct YAMLProblem: Error, Equatable {
    var reason: String
}

/// The YAML of a configuration: mappings of mappings, and scalars.
enum ConfigurationYAML {
    /// A scalar or a list, with the names of its sections in front of its key.
    struct Item: Equatable {
        var key: String
        /// The text of a scalar; nil for a list.
        var text: String?
        /// Whether the scalar stands in quotes, and is a text even if it looks like something else.
        var isQuoted = false
    }
}

// MARK: - Reading

extension ConfigurationYAML {
    /// All values of a document, in its order.
    static func items(in text: String) throws(YAMLProblem) -> [Item] {
        guard case .mapping(let mapping)? = try root(of: text) else {
            throw YAMLProblem(reason: "it has no lines of the form 'key: value'")
        }
        return try items(of: mapping, prefix: "")
    }

    /// What a document holds; nil when it is empty.
    static func root(of text: String) throws(YAMLProblem) -> Node? {
        try refuseTraps(in: text)
        do {
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw YAMLProblem(reason: words(for: error))
        }
    }

    /// All values of a mapping, those of its sections too.
    static func items(
        of mapping: Node.Mapping, prefix: String
    ) throws(YAMLProblem) -> [Item] {
        var result: [Item] = []
        for (name, value) in mapping {
            guard case .scalar(let scalar) = name else {
                throw YAMLProblem(reason: "a list or a mapping stands where a key is expected")
            }
            let key = prefix + scalar.string
            switch value {
            case .scalar(let value):
                let isQuoted = [.singleQuoted, .doubleQuoted].contains(value.style)
                result.append(Item(key: key, text: value.string, isQuoted: isQuoted))
            case .mapping(let inner): result += try items(of: inner, prefix: key + ".")
            case .sequence, .alias: result.append(Item(key: key, text: nil))
            }
        }
        return result
    }

    /// Refuses what no configuration needs and what can make a parser work without end: aliases,
    /// which multiply a text at every level, and deep nesting.
    private static func refuseTraps(in text: String) throws(YAMLProblem) {
        let deepest = 64
        var brackets = 0
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            var startsToken = true
            var indent = 0
            var isIndent = true
            var previous: UInt8?
            for byte in line {
                if let mark = previous, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\r") {
                    throw YAMLProblem(
                        reason: "line \(index + 1) has an anchor or alias "
                            + "('\(Character(Unicode.Scalar(mark)))'), which is not accepted")
                }
                let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
                previous = startsToken && isMark ? byte : nil
                startsToken = Self.separators.contains(byte)
                isIndent = isIndent && " \t-?:".utf8.contains(byte)
                indent += isIndent ? 1 : 0
                brackets += "[{".utf8.contains(byte) ? 1 : 0
            }
            guard indent <= deepest, brackets <= deepest else {
                throw YAMLProblem(reason: "line \(index + 1) nests too deeply")
            }
        }
    }

    /// What can stand in front of an anchor or an alias.
    private static let separators = Array(" \t\r-?:,[{".utf8)

    /// The parser's words with the line, without its picture of the text.
    private static func words(for error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            "line \(mark.line): \(problem)"
        case .reader(let problem, _, _, _)?: problem
        case .duplicatedKeysInMapping(let names, _)?:
            "the key '\(names.first ?? "")' stands there twice"
        default: "\(error)"
        }
    }
}

// MARK: - Writing

extension ConfigurationYAML {
    /// The text of a document with these values, keys with sections nested; the order is kept.
    static func document(
        _ values: [(key: String, value: ConfigurationScalar)]
    ) throws(YAMLProblem) -> String {
        let entries = values.map { (path: $0.key.split(separator: "."), value: $0.value) }
        do {
            return try serialize(
                node: mapping(entries[...], depth: 0), width: -1, allowUnicode: true)
        } catch {
            throw YAMLProblem(reason: words(for: error))
        }
    }

    private static func mapping(
        _ entries: ArraySlice<(path: [Substring], value: ConfigurationScalar)>, depth: Int
    ) -> Node {
        var pairs: [(Node, Node)] = []
        var rest = entries
        while let first = rest.first {
            let name = first.path[depth]
            let key = Node(String(name))
            if first.path.count == depth + 1 {
                pairs.append((key, scalar(first.value)))
                rest = rest.dropFirst()
            } else {
                let section = rest.prefix { $0.path.count > depth + 1 && $0.path[depth] == name }
                pairs.append((key, mapping(section, depth: depth + 1)))
                rest = rest.dropFirst(section.count)
            }
        }
        return .mapping(.init(pairs))
    }

    private static func scalar(_ value: ConfigurationScalar) -> Node {
        guard case .text(let text) = value, !isPlain(text) else { return Node(value.text) }
        return Node(text, .implicit, .singleQuoted)
    }

    /// Whether no YAML reader can take the text for anything but a text.
    private static func isPlain(_ text: String) -> Bool {
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        guard let first = text.unicodeScalars.first, !words.contains(text.lowercased()) else {
            return false
        }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }
        return (isLetter(first) || first == "/")
            && text.unicodeScalars.allSatisfy {
                isLetter($0) || ("0"..."9").contains($0) || "_-./@".unicodeScalars.contains($0)
            }
    }
}
