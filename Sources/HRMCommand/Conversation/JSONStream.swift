/// One JSON object in one line, printed while it comes to be: a list of any length, then the other
/// members.
///
/// What is printed is gone from memory.
struct JSONStream {
    private let name: String
    private var count = 0

    /// - Parameter name: The list's.
    init(list name: String) {
        self.name = name
    }

    /// Prints an element of the list.
    ///
    /// - Throws: ``CommandError`` when that is impossible.
    mutating func add(_ element: JSONValue) throws {
        let before = count == 0 ? "{\"\(name)\":[" : ","
        try Console.print(before + element.line(), terminator: "")
        count += 1
    }

    /// Prints the rest of the object.
    ///
    /// - Parameter members: Its members beside the list.
    /// - Throws: ``CommandError`` when that is impossible.
    func finish(_ members: [String: JSONValue]) throws {
        let rest = try JSONValue.object(members).line().dropFirst()
        try Console.print((count == 0 ? "{\"\(name)\":[" : "") + "]," + rest)
    }
}
