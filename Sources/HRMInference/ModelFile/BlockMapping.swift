/// A reader of nested YAML mappings in block style, as PyYAML and this package write them.
///
/// Plain and quoted values may continue on the following lines; lists are skipped. Any other YAML
/// that can change a value is refused: flow collections, anchors, aliases, tags, block scalars,
/// escapes, keys of other forms, and several documents.
struct BlockMapping {
    /// The reason why a text cannot be read.
    struct Problem: Error, Equatable {
        var reason: String
    }

    private let lines: [Line]
    /// The index of the next line.
    private var next = 0
    private var values: [String: String] = [:]
    /// All keys with their sections, also those without a scalar.
    private var names: Set<String> = []

    /// Returns the scalars of a mapping and its sections.
    ///
    /// - Parameter text: The document.
    /// - Returns: The values without quotes, by their keys with sections, such as `arch.loss.name`.
    /// - Throws: ``Problem`` about the first line that cannot be read.
    static func values(of text: String) throws(Problem) -> [String: String] {
        var reader = BlockMapping(text)
        try reader.readDocument()
        return reader.values
    }

    private init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated().map { Line($1, number: $0 + 1) }
    }

    private mutating func readDocument() throws(Problem) {
        if let line = nextLine(), line.content == "---" { next += 1 }
        guard let first = nextLine() else { return }
        try readMapping(indent: first.indent, section: "")
        if let line = nextLine() { throw line.misplaced }
    }

    /// Returns the next line that is neither empty nor a comment; it remains the next one.
    private mutating func nextLine() -> Line? {
        while next < lines.count, lines[next].isEmpty { next += 1 }
        return next < lines.count ? lines[next] : nil
    }

    /// Reads keys of equal indentation.
    private mutating func readMapping(indent: Int, section: String) throws(Problem) {
        while let line = nextLine(), line.indent == indent {
            let (key, text) = try line.keyAndValue()
            let name = section.isEmpty ? key : "\(section).\(key)"
            guard names.insert(name).inserted else {
                throw line.problem("gives \(name) a second time")
            }
            next += 1
            if let value = try value(text, of: line) {
                values[name] = value
            } else {
                try readContent(of: name, below: indent)
            }
        }
        if let line = nextLine(), line.indent > indent { throw line.misplaced }
    }

    /// Reads the section or skips the list that a key without a value begins, if any.
    private mutating func readContent(of name: String, below indent: Int) throws(Problem) {
        guard let first = nextLine() else { return }
        if first.isListElement, first.indent >= indent {
            while let line = nextLine(),
                line.indent > first.indent || line.indent == first.indent && line.isListElement
            { next += 1 }
        } else if first.indent > indent {
            try readMapping(indent: first.indent, section: name)
        }
    }

    /// Returns the value after a key; nil if the key begins a section or a list.
    private mutating func value(_ text: Substring, of line: Line) throws(Problem) -> String? {
        guard let first = text.first, first != "#" else { return nil }
        if first == "'" || first == "\"" { return try quoted(text.dropFirst(), by: first, line) }
        let (plain, isComplete) = Self.withoutComment(text)
        // Empty collections contain no values.
        if plain == "{}" || plain == "[]" { return nil }
        guard !"&*!|>{[%@`?".contains(first) else {
            throw line.problem("has '\(first)', a form of YAML that is not understood here")
        }
        guard !plain.contains(": "), plain.last != ":" else { throw line.notAKey }
        var value = String(plain)
        while !isComplete, let more = continuation(of: line) {
            guard !more.isLikeAKey else { throw more.misplaced }
            value += " " + Self.withoutTrailingSpace(more.content)
            next += 1
        }
        return value
    }

    /// Returns the text up to the closing quote, which can be in a line below.
    private mutating func quoted(
        _ text: Substring, by quote: Character, _ line: Line
    ) throws(Problem) -> String {
        var (value, rest) = ("", text)
        while true {
            guard let end = rest.firstIndex(of: quote) else {
                value += Self.withoutTrailingSpace(rest)
                guard let more = continuation(of: line) else { throw line.unreadableQuotes }
                value += " "
                rest = more.content
                next += 1
                continue
            }
            value += rest[..<end]
            rest = rest[rest.index(after: end)...]
            guard quote == "'", rest.first == quote else { break }
            value.append(quote)
            rest.removeFirst()
        }
        let remainder = rest.drop { $0 == " " }
        guard remainder.isEmpty || remainder.first == "#", quote == "'" || !value.contains("\\")
        else { throw line.unreadableQuotes }
        return value
    }

    /// Returns the next line if it can belong to the value of a key, being indented further.
    private func continuation(of line: Line) -> Line? {
        guard next < lines.count, !lines[next].isEmpty, lines[next].indent > line.indent else {
            return nil
        }
        return lines[next]
    }

    /// Returns a plain value, and false as the second if no comment ends it.
    private static func withoutComment(_ text: Substring) -> (Substring, isComplete: Bool) {
        guard let comment = text.firstRange(of: " #") else {
            return (withoutTrailingSpace(text), false)
        }
        return (withoutTrailingSpace(text[..<comment.lowerBound]), true)
    }

    private static func withoutTrailingSpace(_ text: Substring) -> Substring {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// A line of a YAML document.
private struct Line {
    /// The number, starting at 1.
    let number: Int
    /// The number of spaces before the content.
    let indent: Int
    let content: Substring

    init(_ text: Substring, number: Int) {
        self.number = number
        indent = text.prefix { $0 == " " }.count
        content = text.dropFirst(indent)
    }

    /// True without content, or with a comment alone.
    var isEmpty: Bool { content.isEmpty || content.first == "#" }
    var isListElement: Bool { content.hasPrefix("- ") || content == "-" }
    /// True for what cannot be a part of a plain value.
    var isLikeAKey: Bool {
        content.contains(": ") || content.last == ":" || content.contains(" #")
    }

    /// Returns a plain key, and the text after it without leading spaces.
    func keyAndValue() throws(BlockMapping.Problem) -> (key: String, value: Substring) {
        guard let colon = content.firstIndex(of: ":"), colon > content.startIndex,
            content[..<colon].allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
            }),
            case let rest = content[content.index(after: colon)...],
            rest.isEmpty || rest.first == " "
        else { throw notAKey }
        return (String(content[..<colon]), rest.drop { $0 == " " })
    }

    func problem(_ reason: String) -> BlockMapping.Problem {
        .init(reason: "line \(number) \(reason)")
    }

    var notAKey: BlockMapping.Problem { problem("is not 'key: value'") }
    var misplaced: BlockMapping.Problem { problem("is indented unlike the keys before it") }
    var unreadableQuotes: BlockMapping.Problem {
        .init(reason: "the quotes in line \(number) are not understood")
    }
}
