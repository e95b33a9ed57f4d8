import HRMFiles

/// A question of an evaluation, in the layouts that evaluation harnesses use.
///
/// | member | names |
/// |---|---|
/// | prompt | `query`, `question`, `ctx`, `context`, `prompt`, `goal`, `problem`, `input` |
/// | choices | `choices` (texts, or `{"text": […], "label": […]}`), `endings`, `options`, or the pairs `sol1`, `sol2` and `option1`, `option2` |
/// | right choice | `gold`, `label`, `answerKey`, `answer`, `target`: an index from 0, a label, or the choice's text |
/// | answers without choices | `answer`, `answers`, `target`, `targets`, `solution`, `output`: a text, a number or a list |
///
/// Of an answer with a derivation and `####`, as in GSM8k, only the part after it counts.
package struct TextExample: Equatable {
    /// The answer that is right.
    package enum Expectation: Equatable {
        /// One of several choices.
        case choice(of: [String], right: Int)
        /// Any of these texts.
        case text(oneOf: [String])
    }

    /// The prompt's text.
    package var prompt: String
    /// The right answer.
    package var expectation: Expectation

    private static let promptNames = [
        "query", "question", "ctx", "context", "prompt", "goal", "problem", "input",
    ]
    private static let choiceNames = ["choices", "endings", "options"]
    private static let choicePairs = [["sol1", "sol2"], ["option1", "option2"]]
    private static let rightNames = ["gold", "label", "answerKey", "answer", "target"]
    private static let answerNames = [
        "answer", "answers", "target", "targets", "solution", "output",
    ]

    /// A problem of an object, in words.
    package struct Problem: Error {
        var reason: String
    }

    /// Reads an object.
    init(_ object: JSONTree) throws(Problem) {
        let (members, prompt) = try Self.prompt(of: object)
        self.prompt = prompt
        if let (choices, labels) = try Self.choices(members) {
            guard let right = Self.rightNames.lazy.compactMap({ members[$0] }).first else {
                throw Problem(
                    reason: "no member is the right choice; name it "
                        + Self.rightNames.joined(separator: ", "))
            }
            guard let place = Self.place(right, choices, labels) else {
                throw Problem(
                    reason: "\(right.summary.printable) is none of the \(choices.count) choices")
            }
            expectation = .choice(of: choices, right: place)
        } else {
            expectation = .text(oneOf: try Self.answers(of: members).map(Self.final))
        }
    }

    /// Returns the members of an object, and its prompt.
    static func prompt(
        of object: JSONTree
    ) throws(Problem) -> (members: [String: JSONTree], prompt: String) {
        guard case .object(let members) = object else {
            throw Problem(reason: "it is not an object; write {\"question\": …, \"answer\": …}")
        }
        guard case .text(let prompt)? = promptNames.lazy.compactMap({ members[$0] }).first else {
            throw Problem(
                reason: "no member is a prompt; name it " + promptNames.joined(separator: ", "))
        }
        return (members, prompt)
    }

    /// Returns the answers of an object without choices, at least one.
    static func answers(of members: [String: JSONTree]) throws(Problem) -> [String] {
        guard let answer = answerNames.lazy.compactMap({ members[$0] }).first,
            let texts = texts(answer), !texts.isEmpty
        else {
            throw Problem(
                reason: "no member is an answer; name it " + answerNames.joined(separator: ", "))
        }
        return texts
    }

    /// Returns the choices with their labels; nil if there are none.
    private static func choices(
        _ members: [String: JSONTree]
    ) throws(Problem) -> (choices: [String], labels: [String])? {
        var choices: [String]?
        var labels: [String]?
        if let list = choiceNames.lazy.compactMap({ members[$0] }).first {
            choices = texts(list["text"] ?? list)
            if let named = list["label"] { labels = texts(named) }
        } else if let pair = choicePairs.first(where: { members[$0[0]] != nil }) {
            choices = pair.compactMap { members[$0].flatMap(texts)?.first }
        } else {
            return nil
        }
        guard let choices, choices.count >= 2 else {
            throw Problem(reason: "its choices are not a list of at least two texts")
        }
        let letters = choices.indices.map { letter($0) }
        guard labels?.count ?? choices.count == choices.count else {
            throw Problem(reason: "it has \(choices.count) choices and another number of labels")
        }
        return (choices, labels ?? letters)
    }

    /// Returns the letter of a choice: A, B, …; its number from 1 after Z.
    package static func letter(_ place: Int) -> String {
        place < 26 ? String(UnicodeScalar(UInt8(65 + place))) : "\(place + 1)"
    }

    private static func place(
        _ right: JSONTree, _ choices: [String], _ labels: [String]
    ) -> Int? {
        switch right {
        case .number(let number):
            return Int(exactly: number).flatMap { choices.indices.contains($0) ? $0 : nil }
        case .text(let text):
            if let place = labels.firstIndex(of: text) ?? choices.firstIndex(of: text) {
                return place
            }
            return Int(text).flatMap { choices.indices.contains($0) ? $0 : nil }
        default: return nil
        }
    }

    private static func texts(_ value: JSONTree) -> [String]? {
        switch value {
        case .text(let text): return [text]
        case .number(let number): return [Int(exactly: number).map { "\($0)" } ?? "\(number)"]
        case .list(let values):
            let texts = values.compactMap { Self.texts($0)?.first }
            return texts.count == values.count ? texts : nil
        default: return nil
        }
    }

    private static func final(_ answer: String) -> String {
        guard let mark = answer.ranges(of: "####").last else { return answer }
        return String(answer[mark.upperBound...])
    }
}
