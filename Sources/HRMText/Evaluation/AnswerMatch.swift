/// The comparison of a generated answer with the right ones.
package struct AnswerMatch: Sendable, Equatable {
    /// The part of an answer that is compared.
    package enum Part: String, Sendable, CaseIterable {
        /// The whole text without white space at both ends.
        case all
        /// The first line that is not empty.
        case line
        /// The last number, without thousands separators.
        case number
        /// The content of the last `\boxed{…}`, otherwise the whole text.
        case boxed
    }

    /// The part.
    package var part: Part
    /// True if upper and lower case are equal.
    package var ignoresCase: Bool

    /// Creates a comparison.
    package init(_ part: Part, ignoresCase: Bool = false) {
        self.part = part
        self.ignoresCase = ignoresCase
    }

    /// Returns true if an answer agrees with one of the right ones.
    package func matches(_ answer: String, oneOf right: [String]) -> Bool {
        guard let extracted = extracted(answer) else { return false }
        return right.contains { expected in
            let expected = self.extracted(expected) ?? expected
            return ignoresCase
                ? extracted.lowercased() == expected.lowercased() : extracted == expected
        }
    }

    /// Returns the part of a text; nil if there is none.
    package func extracted(_ text: String) -> String? {
        switch part {
        case .all: return Self.trimmed(text)
        case .line:
            return text.split(whereSeparator: \.isNewline).lazy.map { Self.trimmed($0) }
                .first { !$0.isEmpty } ?? ""
        case .number: return Self.lastNumber(text)
        case .boxed: return Self.boxed(text) ?? Self.trimmed(text)
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// Returns the last number: digits with an optional sign, separators and a decimal point.
    private static func lastNumber(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let last = bytes.lastIndex(where: digits.contains) else { return nil }
        var start = last
        while start > 0 {
            let byte = bytes[start - 1]
            let separates =
                (byte == UInt8(ascii: ",") || byte == UInt8(ascii: "."))
                && start > 1 && digits.contains(bytes[start - 2])
            guard digits.contains(byte) || separates else { break }
            start -= 1
        }
        if start > 0, bytes[start - 1] == UInt8(ascii: ".") { start -= 1 }
        if start > 0, bytes[start - 1] == UInt8(ascii: "-") { start -= 1 }
        var number = String(
            decoding: bytes[start...last].filter { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        if number.contains(".") {
            while number.hasSuffix("0") { number.removeLast() }
            if number.hasSuffix(".") { number.removeLast() }
        }
        return number
    }

    private static func boxed(_ text: String) -> String? {
        guard let mark = text.ranges(of: "\\boxed{").last else { return nil }
        var depth = 1
        for place in text[mark.upperBound...].indices {
            if text[place] == "{" { depth += 1 }
            if text[place] == "}" { depth -= 1 }
            if depth == 0 { return trimmed(text[mark.upperBound..<place]) }
        }
        return nil
    }
}
