/// A JSON value of any shape.
enum JSONTree: Decodable, Equatable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([JSONTree].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// The whole number; nil for any other value.
    var whole: Int? {
        guard case .number(let value) = self else { return nil }
        return Int(exactly: value)
    }

    /// The member of an object; nil if there is none.
    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The value without some members of an object.
    func without(_ names: Set<String>) -> JSONTree {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.key) })
    }

    /// A few words about the value, for messages about a single setting.
    var shown: String {
        switch self {
        case .null, .flag, .number: spelled
        case .text(let value): "'\(value.prefix(40))'"
        case .list(let values): "a list of \(values.count)"
        case .object: "an object"
        }
    }

    /// The value in one line, shortened, for messages about settings as a whole.
    var summary: String {
        let text = spelled
        return text.count > 120 ? text.prefix(119) + "…" : text
    }

    private var spelled: String {
        switch self {
        case .null: "null"
        case .flag(let value): "\(value)"
        case .number(let value):
            Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .text(let value): "\"\(value)\""
        case .list(let values):
            "[" + values.prefix(8).map(\.spelled).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.prefix(8)
                .map { "\"\($0.key)\": \($0.value.spelled)" }.joined(separator: ", ") + "}"
        }
    }
}
