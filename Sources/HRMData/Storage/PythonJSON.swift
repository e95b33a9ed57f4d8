import Foundation

/// JSON text as Python's `json.dump` writes it by default, so that files are equal byte for byte.
enum PythonJSON {
    /// A number the way Python's `repr` spells it: `3.0`, `2.727272727272727`, `1e-05`.
    static func text(_ number: Double) -> String {
        precondition(number.isFinite, "\(number) has no place in a JSON file")
        return number.description
    }

    /// A quoted string with everything outside printable ASCII escaped.
    static func text(_ string: String) -> String {
        var result = "\""
        for unit in string.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x08: result += "\\b"
            case 0x09: result += "\\t"
            case 0x0A: result += "\\n"
            case 0x0C: result += "\\f"
            case 0x0D: result += "\\r"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// A list of strings.
    static func text(_ strings: [String]) -> String {
        "[" + strings.map { text($0) }.joined(separator: ", ") + "]"
    }

    /// Decodes a file, with an error that says which key is at fault.
    ///
    /// - Parameters:
    ///   - type: What the file should hold.
    ///   - url: The file.
    ///   - limit: Longer files, in bytes, are refused unread.
    /// - Returns: The value.
    /// - Throws: ``DatasetError`` naming the file.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from url: URL, atMost limit: Int
    ) throws(DatasetError) -> Value {
        let bytes: [UInt8]
        do {
            bytes = try ByteSource.bytes(of: url, atMost: limit)
        } catch {
            throw .unreadable(path: url.path, reason: error.reason)
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw .malformedJSON(path: url.path, reason: explanation(of: error, in: Data(bytes)))
        } catch {
            throw .malformedJSON(path: url.path, reason: "it cannot be decoded")
        }
    }

    /// The fault of a JSON text, in a few words.
    ///
    /// - Parameters:
    ///   - error: The decoder's error.
    ///   - text: The text. A decoder also calls numbers that do not fit corrupted data, without a place,
    ///     so only another look tells whether the text is JSON at all.
    /// - Returns: A clause.
    static func explanation(of error: DecodingError, in text: Data) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? "'\($0.stringValue)'" }
                .joined(separator: " ")
        }
        return switch error {
        case .keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
        case .valueNotFound(_, let context): "\(place(context.codingPath)) must not be null"
        case .typeMismatch(let type, let context):
            context.codingPath.isEmpty
                ? "it does not hold the expected list or object"
                : "\(place(context.codingPath)) is not of type \(type)"
        case .dataCorrupted(let context):
            if !context.codingPath.isEmpty {
                "\(place(context.codingPath)) is not a number that fits"
            } else if isValid(text) {
                "a number in it has a fraction or is too large where a whole number belongs"
            } else {
                "it is not valid JSON"
            }
        @unknown default: "it cannot be decoded"
        }
    }

    /// Whether a text is JSON, whatever it holds.
    static func isValid(_ text: Data) -> Bool {
        (try? JSONSerialization.jsonObject(with: text, options: [.fragmentsAllowed])) != nil
    }
}
