import HRMFiles

/// The members of an object in a request's body, read one by one.
///
/// Every accessor checks the type and the range; members that nobody reads are refused by
/// ``finish()``.
struct RequestMembers {
    private let values: [String: JSONValue]
    private let place: String
    private var read: Set<String> = []

    /// Reads the body of a request.
    ///
    /// - Throws: ``HTTPError`` if it is not an object in JSON, or not said to be.
    init(_ request: HTTPRequest) throws(HTTPError) {
        let type = (request.header("content-type") ?? "").split(separator: ";").first ?? ""
        guard type.trimmingSpaces.lowercased() == "application/json" else {
            throw HTTPError(
                .unsupportedMediaType, "the body is not said to be JSON", at: "Content-Type",
                remedy: "send it with Content-Type: application/json")
        }
        do {
            self.init(
                try JSONText.decode([String: JSONValue].self, from: request.body), at: "body")
        } catch {
            throw HTTPError(
                .badRequest, "the body is not an object in JSON: \(error.explanation())",
                at: "body",
                remedy: "correct it")
        }
    }

    /// Reads an object.
    init(_ values: [String: JSONValue], at place: String) {
        self.values = values
        self.place = place
    }

    /// Returns an error about a member.
    func problem(_ key: String, _ what: String, remedy: String) -> HTTPError {
        HTTPError(.badRequest, what, at: "\(place).\(key)", remedy: remedy)
    }

    private mutating func value(_ key: String) -> JSONValue? {
        read.insert(key)
        guard let value = values[key], value != .null else { return nil }
        return value
    }

    /// Returns the value of any type; nil if there is none.
    mutating func any(_ key: String) -> JSONValue? { value(key) }

    /// Returns a text; nil if there is none.
    mutating func text(_ key: String, atMost limit: Int = 100_000) throws(HTTPError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value, text.utf8.count <= limit else {
            throw problem(
                key, "it is not a text of at most \(limit) bytes", remedy: "send such a text")
        }
        return text
    }

    /// Returns a text that must be there.
    mutating func requiredText(
        _ key: String, atMost limit: Int = 100_000
    ) throws(HTTPError) -> String {
        guard let text = try text(key, atMost: limit) else {
            throw problem(key, "it is missing", remedy: "send a text")
        }
        return text
    }

    /// Returns a list of texts; nil if there is none.
    mutating func texts(
        _ key: String, atMost count: Int, bytes: Int = 100_000
    ) throws(HTTPError) -> [String]? {
        guard let value = value(key) else { return nil }
        guard case .list(let values) = value, (1...count).contains(values.count) else {
            throw problem(
                key, "it is not a list of 1 to \(count) texts", remedy: "send such a list")
        }
        var texts: [String] = []
        for value in values {
            guard case .text(let text) = value, text.utf8.count <= bytes else {
                throw problem(
                    key, "an element is not a text of at most \(bytes) bytes",
                    remedy: "send such texts")
            }
            texts.append(text)
        }
        return texts
    }

    /// Returns a whole number; nil if there is none.
    mutating func integer(
        _ key: String, in range: ClosedRange<Int>
    ) throws(HTTPError) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value, range.contains(number) else {
            throw problem(
                key, "it is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                remedy: "send such a number")
        }
        return number
    }

    /// Returns a list of whole numbers; nil if there is none.
    mutating func integers(
        _ key: String, in range: ClosedRange<Int>, atMost count: Int
    ) throws(HTTPError) -> [Int]? {
        guard let value = value(key) else { return nil }
        guard case .list(let values) = value, values.count <= count else {
            throw problem(
                key, "it is not a list of at most \(count) numbers", remedy: "send such a list")
        }
        var numbers: [Int] = []
        for value in values {
            guard case .integer(let number) = value, range.contains(number) else {
                throw problem(
                    key,
                    "an element is not a whole number from \(range.lowerBound) to "
                        + "\(range.upperBound)", remedy: "send such numbers")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Returns a number; nil if there is none.
    mutating func number(
        _ key: String, in range: ClosedRange<Double>
    ) throws(HTTPError) -> Double? {
        let number: Double? =
            switch value(key) {
            case nil: nil
            case .integer(let number): Double(number)
            case .number(let number): number
            default: .nan
            }
        guard let number else { return nil }
        guard range.contains(number) else {
            throw problem(
                key, "it is not a number from \(range.lowerBound) to \(range.upperBound)",
                remedy: "send such a number")
        }
        return number
    }

    /// Returns a flag; nil if there is none.
    mutating func flag(_ key: String) throws(HTTPError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .flag(let flag) = value else {
            throw problem(key, "it is not true or false", remedy: "send one of them")
        }
        return flag
    }

    /// Returns one of several names; nil if there is none.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(HTTPError) -> Choice? where Choice.RawValue == String {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value, let choice = Choice(rawValue: text) else {
            throw problem(
                key, "it is none of the known names",
                remedy: "send one of "
                    + Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
        }
        return choice
    }

    /// Returns an object; nil if there is none.
    mutating func object(_ key: String) throws(HTTPError) -> RequestMembers? {
        guard let value = value(key) else { return nil }
        guard case .object(let members) = value else {
            throw problem(key, "it is not an object", remedy: "send an object")
        }
        return RequestMembers(members, at: "\(place).\(key)")
    }

    /// Refuses members that were not read.
    ///
    /// - Throws: ``HTTPError`` with the first of them.
    func finish() throws(HTTPError) {
        guard let key = values.keys.filter({ !read.contains($0) }).min() else { return }
        throw problem(
            String(key.prefix(60)), "the member is unknown",
            remedy: "leave it out, or use \(read.sorted().joined(separator: ", "))")
    }
}
