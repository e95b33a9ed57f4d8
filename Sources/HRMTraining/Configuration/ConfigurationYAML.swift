import HRMModel
import Yams

/// The reason a text is not valid configuration YAML.
struct YAMLProblem: Error, Equatable {
    var reason: String
}

/// The YAML subset of configurations: nested mappings, scalars, and lists of scalars.
enum ConfigurationYAML {
    /// A scalar; if quoted, it is always a string.
    struct Scalar: Equatable {
        var text: String
        var isQuoted: Bool

        /// YAML's null in any spelling.
        static let null = Scalar(text: "null", isQuoted: false)

        init(_ scalar: Node.Scalar) {
            // A string tag has the effect of quotes, and a null tag that of a null.
            let isText =
                [.singleQuoted, .doubleQuoted].contains(scalar.style) || scalar.tag == Tag(.str)
            let isNull = TrainingSetting.isNull(scalar.string) && !isText
            self =
                isNull || scalar.tag == Tag(.null)
                ? .null : Scalar(text: scalar.string, isQuoted: isText)
        }

        private init(text: String, isQuoted: Bool) {
            self.text = text
            self.isQuoted = isQuoted
        }
    }

    /// The value of a key.
    enum Value: Equatable {
        /// A scalar.
        case scalar(Scalar)
        /// A list of scalars, with nil for any other element.
        case list([Scalar?])
        /// A section without keys.
        case emptySection
    }

    /// A value and its full key, including sections.
    struct Item: Equatable {
        var key: String
        var value: Value

        /// The text of a scalar; nil for other values.
        var text: String? {
            guard case .scalar(let scalar) = value else { return nil }
            return scalar.text
        }

        /// True if it is YAML's null.
        var isNull: Bool {
            guard case .scalar(let scalar) = value else { return false }
            return !scalar.isQuoted && TrainingSetting.isNull(scalar.text)
        }

        /// The value in messages.
        var shown: String {
            switch value {
            case .scalar(let scalar): scalar.text
            case .list: "[…]"
            case .emptySection: "{}"
            }
        }
    }
}

// MARK: - Reading

extension ConfigurationYAML {
    /// Returns all values of a document in order.
    static func items(in text: String) throws(YAMLProblem) -> [Item] {
        guard case .mapping(let mapping)? = try root(of: text) else {
            throw YAMLProblem(reason: "it has no lines of the form 'key: value'")
        }
        return try items(of: mapping, prefix: "")
    }

    /// Returns the root of a document; nil if it is empty.
    ///
    /// - Parameter text: The document, of a size that the caller has bounded.
    /// - Returns: A tree without anchors and aliases, no deeper than ``YAMLSafety/deepest``.
    /// - Throws: ``YAMLProblem`` with the line.
    static func root(of text: String) throws(YAMLProblem) -> Node? {
        try YAMLSafety.root(of: text)
    }

    /// Returns all values of a mapping and its sections; duplicates are refused.
    static func items(
        of mapping: Node.Mapping, prefix: String
    ) throws(YAMLProblem) -> [Item] {
        var result: [Item] = []
        try append(mapping, prefix: prefix, to: &result)
        var seen: Set<String> = []
        for item in result where !seen.insert(item.key).inserted {
            throw twice(item.key)
        }
        return result
    }

    /// Refuses values that other YAML readers would interpret differently from the setting.
    ///
    /// - Parameter items: Settings, by full key or its last component.
    /// - Throws: ``YAMLProblem`` about the first such value.
    static func requirePlain(_ items: [Item]) throws(YAMLProblem) {
        for item in items {
            guard let setting = TrainingSetting.named(item.key),
                case .scalar(let scalar) = item.value
            else { continue }
            if scalar.isQuoted, setting.acceptsNull, TrainingSetting.isNull(scalar.text) {
                throw YAMLProblem(
                    reason:
                        "\(item.key) is '\(scalar.text)', a text in quotes and not null; write null "
                        + "without quotes, or leave the key out")
            }
            let digits = scalar.text.drop { "+-".contains($0) }
            if !scalar.isQuoted, digits.count > 1, digits.first == "0", setting.isNumber,
                digits.allSatisfy({ ("0"..."9").contains($0) })
            {
                throw YAMLProblem(
                    reason:
                        "\(item.key) is \(scalar.text.prefix(80)), a number of base 8 to some readers "
                        + "of YAML; write it without the zero in front")
            }
        }
    }

    /// Returns the problem of a duplicate key, whether written with dots or in sections.
    static func twice(_ key: String) -> YAMLProblem {
        YAMLProblem(reason: "the key '\(key.prefix(80))' is given twice; leave one of them out")
    }

    private static func append(
        _ mapping: Node.Mapping, prefix: String, to result: inout [Item]
    ) throws(YAMLProblem) {
        for (name, value) in mapping {
            guard case .scalar(let scalar) = name else {
                throw YAMLProblem(reason: "a list or a mapping is found where a key is expected")
            }
            let key = prefix + scalar.string
            switch value {
            case .scalar(let value):
                result.append(Item(key: key, value: .scalar(Scalar(value))))
            case .mapping(let inner):
                if inner.isEmpty { result.append(Item(key: key, value: .emptySection)) }
                try append(inner, prefix: key + ".", to: &result)
            case .sequence(let sequence):
                let elements = sequence.map { $0.scalar.map(Scalar.init) }
                result.append(Item(key: key, value: .list(elements)))
            case .alias: result.append(Item(key: key, value: .list([nil])))
            }
        }
    }
}

// MARK: - Writing

extension ConfigurationYAML {
    /// Returns a document with the given values in order, with keys nested in sections.
    static func document(
        _ values: [(key: String, value: ConfigurationScalar)]
    ) throws(YAMLProblem) -> String {
        let entries = values.map { (path: $0.key.split(separator: "."), value: $0.value) }
        do {
            return try serialize(
                node: mapping(entries[...], depth: 0), width: -1, allowUnicode: true)
        } catch {
            throw YAMLProblem(reason: YAMLWords.of(error))
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
        switch value {
        case .texts(let texts): return Node(texts.map { scalar(.text($0)) })
        case .text(let text) where !isPlain(text): return Node(text, .implicit, .singleQuoted)
        default: return Node(value.text)
        }
    }

    /// True if every YAML reader takes the unquoted text as a string.
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
