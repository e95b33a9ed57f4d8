/// A method and a pattern of paths, with the function that answers.
struct Route: Sendable {
    /// The method.
    let method: String
    /// The path, in which `{name}` stands for any segment.
    let pattern: String
    /// Answers a request; the second argument has the segments of the pattern's names.
    let handler: @Sendable (HTTPRequest, [String]) async throws -> HTTPResponse

    private let segments: [Substring]

    /// Creates a route.
    init(
        _ method: String, _ pattern: String,
        _ handler: @escaping @Sendable (HTTPRequest, [String]) async throws -> HTTPResponse
    ) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
        segments = pattern.split(separator: "/")
    }

    /// Returns the values of the pattern's names; nil for another path.
    func match(_ path: [String]) -> [String]? {
        guard path.count == segments.count else { return nil }
        var values: [String] = []
        for (segment, text) in zip(segments, path) {
            if segment.first == "{" {
                guard !text.isEmpty else { return nil }
                values.append(text)
            } else if segment != text {
                return nil
            }
        }
        return values
    }
}
