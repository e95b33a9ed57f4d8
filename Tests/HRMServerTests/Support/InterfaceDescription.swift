import HRMFiles

@testable import HRMServer

/// The description of the interface, with a check of values against its schemas.
struct InterfaceDescription: Sendable {
    let document: JSONValue
    private static let shared = Result { try InterfaceDescription() }

    /// Returns the description that the server sends, which is read once.
    static func read() throws -> InterfaceDescription { try shared.get() }

    private init() throws {
        document = try JSONText.decode(JSONValue.self, from: Array(try PageFiles().description))
    }

    /// The described methods and paths.
    var routes: Set<String> {
        var routes: Set<String> = []
        guard case .object(let paths)? = document["paths"] else { return [] }
        for (path, item) in paths {
            guard case .object(let methods) = item else { continue }
            for method in methods.keys { routes.insert("\(method.uppercased()) \(path)") }
        }
        return routes
    }

    private func operation(_ route: String) -> JSONValue? {
        let words = route.split(separator: " ").map(String.init)
        guard words.count == 2 else { return nil }
        return document["paths"]?[words[1]]?[words[0].lowercased()]
    }

    /// Returns what is wrong with a JSON answer.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - route: The method and the path as they are described.
    /// - Returns: A sentence for each problem.
    func problems(of reply: ClientReply, _ route: String) -> [String] {
        let responses = operation(route)?["responses"]
        let response = responses?["\(reply.status)"] ?? responses?["default"]
        let type = (reply.headers["content-type"] ?? "").split(separator: ";").first ?? ""
        guard let content = response?["content"]?[String(type)] else {
            return ["\(route): the content type '\(type)' is not described"]
        }
        guard let schema = content["schema"] else { return ["\(route): there is no schema"] }
        guard let value = try? reply.json else { return ["\(route): it is not JSON"] }
        return problems(of: value, schema, at: route)
    }

    /// Returns what is wrong with the body of a request.
    func problems(ofRequest body: JSONValue, _ route: String) -> [String] {
        guard
            let schema = operation(route)?["requestBody"]?["content"]?["application/json"]?[
                "schema"]
        else { return ["\(route): there is no body"] }
        return problems(of: body, schema, at: "\(route), body")
    }

    /// Returns what is wrong with the data of an event.
    func problems(of event: ServerEvent, _ route: String) -> [String] {
        let place = "\(route), event \(event.name)"
        let response = operation(route)?["responses"]?["200"]
        guard let schema = response?["x-events"]?[event.name] else {
            return ["\(place): it is not described"]
        }
        guard let value = try? event.json else { return ["\(place): it is not JSON"] }
        return problems(of: value, schema, at: place)
    }

    /// Returns what is wrong with a value.
    func problems(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        SchemaCheck(document: document).problems(of: value, schema, at: place)
    }

    /// Returns the places of all members of a request's body, and of the objects in it.
    func members(ofRequest route: String) -> [[String]] {
        let content = operation(route)?["requestBody"]?["content"]?["application/json"]
        return places(in: content?["schema"] ?? .null)
    }

    private func places(in schema: JSONValue) -> [[String]] {
        let schema =
            schema["$ref"]?.text.flatMap(SchemaCheck(document: document).resolved) ?? schema
        guard case .object(let properties)? = schema["properties"] else { return [] }
        return properties.sorted { $0.key < $1.key }.flatMap { name, schema in
            [[name]] + places(in: schema).map { [name] + $0 }
        }
    }
}
