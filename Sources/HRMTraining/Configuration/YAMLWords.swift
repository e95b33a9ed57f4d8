import Yams

/// Readable messages for YAML parser errors.
enum YAMLWords {
    /// Returns the reason, with the line if known.
    static func of(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            problem.contains("nest")
                ? tooDeep(line: mark.line).reason
                : "\(place(mark.line)): \(sentence(for: problem))"
        case .reader(_, let offset, _, let yaml)?:
            // Characters that YAML does not allow; the text is valid UTF-8.
            "\(place(offset.map { line(at: $0, in: yaml) })) has a character that no text file has"
        case .duplicatedKeysInMapping(let names, _)?:
            ConfigurationYAML.twice(names.first ?? "").reason
        default: "it is not valid YAML"
        }
    }

    /// Returns the problem of a text that is nested too deeply.
    static func tooDeep(line: Int?) -> YAMLProblem {
        YAMLProblem(reason: "\(place(line)) nests too deeply")
    }

    /// Returns the line in words.
    static func place(_ line: Int?) -> String { line.map { "line \($0)" } ?? "it" }

    private static func line(at offset: Int, in text: String) -> Int {
        1 + text.prefix(offset).count { $0.isNewline }
    }

    private static func sentence(for problem: String) -> String {
        let known: [(mark: String, sentence: String)] = [
            ("',' or ']'", "a list in brackets lacks a comma, or its end"),
            ("',' or '}'", "a section in braces lacks a comma, or its end"),
            (
                "mapping values are not allowed",
                "a ':' is found where no key is expected; indent the line as its neighbours, or put "
                    + "quotes around the text"
            ),
            ("could not find expected ':'", "a key without ':'"),
            ("did not find expected key", "it is not indented as the lines above"),
            (
                "cannot start any token",
                "no value begins with this character; put quotes around the text, and indent with "
                    + "spaces"
            ),
            ("tab character", "it is indented with a tab; use spaces"),
            ("'-' indicator", "it is not indented as the list above"),
            ("sequence entries are not allowed", "a list is found where no list is expected"),
            ("unexpected end of stream", "a text in quotes has no end"),
            ("unknown escape character", "a '\\' in quotes is followed by no known letter"),
            ("unexpected document indicator", "a text in quotes has no end"),
            ("document start", "a text follows where the document has ended"),
            ("another document", "a second document begins; there must be one alone"),
            ("expected node content", "a value is missing"),
        ]
        return known.first { problem.contains($0.mark) }?.sentence ?? "it is not valid YAML"
    }
}
