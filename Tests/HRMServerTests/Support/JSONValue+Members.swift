import HRMFiles

extension JSONValue {
    /// The member of an object; nil if there is none.
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The element of a list; nil if there is none.
    subscript(_ index: Int) -> JSONValue? {
        guard let list, list.indices.contains(index) else { return nil }
        return list[index]
    }

    /// The elements of a list.
    var list: [JSONValue]? {
        guard case .list(let values) = self else { return nil }
        return values
    }

    /// The text.
    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The whole number.
    var integer: Int? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The number, whole or not.
    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// Returns the value with another member at a place, and objects on the way there.
    func replacing(_ place: [String], with value: JSONValue) -> JSONValue {
        guard let name = place.first else { return value }
        var members: [String: JSONValue] = [:]
        if case .object(let known) = self { members = known }
        let member = members[name] ?? .null
        members[name] = member.replacing(Array(place.dropFirst()), with: value)
        return .object(members)
    }
}
