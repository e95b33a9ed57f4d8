/// A request with its body.
struct HTTPRequest: Sendable {
    /// The line and the headers.
    var head: RequestHead
    /// The body.
    var body: [UInt8] = []

    /// Returns the value of a header; nil if there is none.
    ///
    /// - Parameter name: The name in small letters.
    /// - Returns: The value.
    func header(_ name: String) -> String? { head.headers[name] }

    /// Returns the only value of a name in the query; nil if there is none.
    ///
    /// - Throws: ``HTTPError`` if it is repeated.
    func query(_ name: String) throws(HTTPError) -> String? {
        let values = head.query.filter { $0.name == name }.map(\.value)
        guard values.count <= 1 else {
            throw HTTPError(
                .badRequest, "\(name) is given \(values.count) times", at: "query",
                remedy: "give it once")
        }
        return values.first
    }

    /// Refuses names in the query that are not among the known ones.
    func requireQuery(in names: Set<String>) throws(HTTPError) {
        if head.query.contains(where: { !names.contains($0.name) }) {
            throw HTTPError(
                .badRequest, "the query has an unknown name", at: "query",
                remedy: names.isEmpty
                    ? "leave it out" : "use \(names.sorted().joined(separator: ", "))")
        }
    }
}
