/// A reader of nested YAML mappings in block style with one key per line.
///
/// Any other YAML that can change a value is refused: flow collections, anchors, aliases, tags,
/// block scalars and multi-line values. Lists are skipped.
enum BlockMapping {
    /// The reason why a text cannot be read.
    struct Problem: Error, Equatable {
        var reason: String
    }

    /// Returns the scalars of a mapping and its sections.
    ///
    /// - Parameter text: The document.
    /// - Returns: The values without quotes, by their keys with sections, such as `arch.loss.name`.
    /// - Throws: ``Problem`` about the first line that cannot be read.
    static func values(of text: String) throws(Problem) -> [String: String] {
        var result: [String: String] = [:]
        /// The open sections with the indentation of their own keys.
        var sections: [(indent: Int, name: String)] = []
        for (number, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        )
        .enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            if content.isEmpty || content.hasPrefix("#") || content == "---" { continue }
            while let last = sections.last, indent <= last.indent { sections.removeLast() }
            // The elements of a list.
            if content.hasPrefix("- ") || content == "-" { continue }
            guard let colon = content.firstIndex(of: ":"),
                let key = Key(content[..<colon]),
                case let rest = content[content.index(after: colon)...],
                rest.isEmpty || rest.first == " "
            else { throw Problem(reason: "line \(number + 1) is not 'key: value'") }
            let name = (sections.map(\.name) + [key.text]).joined(separator: ".")
            guard let value = try value(rest, line: number + 1) else {
                sections.append((indent, key.text))
                continue
            }
            guard result.updateValue(value, forKey: name) == nil else {
                throw Problem(reason: "line \(number + 1) gives \(name) a second time")
            }
        }
        return result
    }

    /// A plain key.
    private struct Key {
        var text: String

        init?(_ text: Substring) {
            guard !text.isEmpty,
                text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
                )
            else { return nil }
            self.text = String(text)
        }
    }

    /// Returns the value after a key; nil if the key begins a section or a list.
    private static func value(_ text: Substring, line: Int) throws(Problem) -> String? {
        let text = text.drop { $0 == " " }
        guard let first = text.first, first != "#" else { return nil }
        if first == "'" || first == "\"" {
            let inner = text.dropFirst()
            guard let end = inner.firstIndex(of: first),
                case let rest = inner[inner.index(after: end)...].drop(while: { $0 == " " }),
                rest.isEmpty || rest.hasPrefix("#"), !inner[..<end].contains("\\")
            else { throw Problem(reason: "the quotes in line \(line) are not understood") }
            return String(inner[..<end])
        }
        // Empty collections contain no values.
        if text == "{}" || text == "[]" { return nil }
        guard !"&*!|>{[%@`?".contains(first) else {
            throw Problem(
                reason: "line \(line) has '\(first)', a form of YAML that is not understood here")
        }
        var value = text[...]
        if let comment = text.firstRange(of: " #") { value = text[..<comment.lowerBound] }
        while value.last == " " { value.removeLast() }
        return String(value)
    }
}
