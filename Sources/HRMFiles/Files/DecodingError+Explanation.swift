extension DecodingError {
    /// A short description of an error in valid JSON.
    var explanation: String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue.quoted }
                .joined(separator: " ")
        }
        return switch self {
        case .keyNotFound(let key, _): "the key \(key.stringValue.quoted) is missing"
        case .valueNotFound(_, let context):
            context.codingPath.isEmpty
                ? "it must not be null" : "\(place(context.codingPath)) must not be null"
        case .typeMismatch(let type, let context):
            context.codingPath.isEmpty
                ? "it is not \(Self.name(of: type)), as it should be"
                : "\(place(context.codingPath)) is not \(Self.name(of: type))"
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty {
                "it is not valid JSON"
            } else if context.debugDescription.hasPrefix("Cannot initialize") {
                "\(place(context.codingPath)) has a value that is not known"
            } else {
                "\(place(context.codingPath)) is not a number that fits"
            }
        @unknown default: "it cannot be decoded"
        }
    }

    /// Returns a Swift type's name in plain words.
    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        default:
            String(describing: type).hasPrefix("Array") ? "a list" : "an object"
        }
    }
}
