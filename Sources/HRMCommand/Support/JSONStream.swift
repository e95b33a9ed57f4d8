import HRMFiles

/// A JSON object in one line, printed incrementally: a list of any length, then the other members.
///
/// Printed elements are not kept in memory.
struct JSONStream {
    private let name: String
    private var count = 0

    /// - Parameter name: The key of the list.
    init(list name: String) {
        self.name = name
    }

    /// Prints an element of the list.
    ///
    /// - Throws: ``CommandError`` if writing fails.
    mutating func add(_ element: JSONValue) throws {
        let before = count == 0 ? "{\"\(name)\":[" : ","
        try Console.print(before + element.line(), terminator: "")
        count += 1
    }

    /// Prints the rest of the object.
    ///
    /// - Parameter members: The members beside the list.
    /// - Throws: ``CommandError`` if writing fails.
    func finish(_ members: [String: JSONValue]) throws {
        let rest = try JSONValue.object(members).line().dropFirst()
        try Console.print((count == 0 ? "{\"\(name)\":[" : "") + "]," + rest)
    }
}
