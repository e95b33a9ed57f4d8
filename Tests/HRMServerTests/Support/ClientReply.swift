import HRMFiles

/// An answer of the server.
struct ClientReply: Sendable {
    var status: Int
    /// The headers, with names in small letters.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    var json: JSONValue {
        get throws { try JSONText.decode(JSONValue.self, from: body) }
    }

    /// The events in the body.
    var events: [ServerEvent] {
        get throws { try ServerEvent.all(in: body) }
    }
}

/// A server-sent event.
struct ServerEvent: Sendable, Equatable {
    var name = ""
    var identifier: String?
    var data = ""

    /// The data as JSON.
    var json: JSONValue {
        get throws { try JSONText.decode(JSONValue.self, from: Array(data.utf8)) }
    }

    /// Returns the events in a stream.
    ///
    /// - Throws: ``ClientConnection/Failure`` for a line that no stream of events has.
    static func all(in bytes: [UInt8]) throws -> [ServerEvent] {
        var events: [ServerEvent] = []
        var event = ServerEvent()
        for line in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line.isEmpty {
                if event != ServerEvent() { events.append(event) }
                event = ServerEvent()
            } else if line.hasPrefix(":") {
                continue
            } else if line.hasPrefix("event: ") {
                event.name = String(line.dropFirst("event: ".count))
            } else if line.hasPrefix("id: ") {
                event.identifier = String(line.dropFirst("id: ".count))
            } else if line.hasPrefix("data: ") {
                event.data += line.dropFirst("data: ".count)
            } else {
                throw ClientConnection.Failure(description: "'\(line)' is no line of an event")
            }
        }
        return events
    }
}
