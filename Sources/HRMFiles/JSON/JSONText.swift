package import Foundation

/// Reads values from JSON that people write or download.
package enum JSONText {
    /// Decodes a text after ``JSONScanner`` has looked over it.
    ///
    /// - Parameters:
    ///   - type: What the text should hold.
    ///   - bytes: JSON in UTF-8, with or without a byte order mark.
    /// - Returns: The value.
    /// - Throws: ``JSONProblem`` that says which member is at fault.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(JSONProblem) -> Value {
        _ = try JSONScanner.outline(of: bytes)
        return try decodeScanned(type, from: bytes)
    }

    /// Decodes a text that the scanner has looked over already.
    package static func decodeScanned<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(JSONProblem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data(bytes))
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
            // The decoder says no more of a number that does not fit than of a text that is no JSON.
            let isJSON = try? JSONSerialization.jsonObject(
                with: data(bytes), options: .fragmentsAllowed)
            throw .unfit(
                reason: isJSON == nil
                    ? "it is not valid JSON"
                    : "a number in it does not fit: where a whole number belongs, one has a fraction "
                        + "or is too large")
        } catch let error as DecodingError {
            throw .unfit(reason: explanation(of: error))
        } catch {
            throw .unfit(reason: error.localizedDescription)
        }
    }

    /// The bytes in UTF-8 where they are in UTF-16 or UTF-32, as some editors save; else as they are.
    package static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let zeros = bytes.prefix(4).map { $0 == 0 }
        let encoding: String.Encoding? =
            if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
                .utf32
            } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
                .utf16
            } else {
                // JSON begins with ASCII, so zeros tell the width and the order of bytes.
                switch zeros {
                case [false, true, true, true]: .utf32LittleEndian
                case [true, true, true, false]: .utf32BigEndian
                case [false, true, false, true]: .utf16LittleEndian
                case [true, false, true, false]: .utf16BigEndian
                default: nil
                }
            }
        guard let encoding, let text = String(data: Data(bytes), encoding: encoding) else {
            return bytes
        }
        return Array(text.utf8)
    }

    /// The text for a decoder: without the mark, which not all of them know.
    package static func data(_ bytes: [UInt8]) -> Data {
        Data(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
    }

    /// What is wrong with a text that is JSON, in a few words.
    package static func explanation(of error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue.quoted }
                .joined(separator: " ")
        }
        return switch error {
        case .keyNotFound(let key, _): "the key \(key.stringValue.quoted) is missing"
        case .valueNotFound(_, let context):
            context.codingPath.isEmpty
                ? "it must not be null" : "\(place(context.codingPath)) must not be null"
        case .typeMismatch(let type, let context):
            context.codingPath.isEmpty
                ? "it is not \(name(of: type)), as it should be"
                : "\(place(context.codingPath)) is not \(name(of: type))"
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

    /// A Swift type in words for people who do not write Swift.
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

extension KeyedDecodingContainer {
    /// A whole number, with an error that names its key: decoders do not where it has a fraction.
    package func wholeNumber(forKey key: Key) throws -> Int {
        do {
            return try decode(Int.self, forKey: key)
        } catch let error as DecodingError {
            guard case .dataCorrupted = error else { throw error }
        } catch {
            // Foundation's own error for such a number is none of decoding.
        }
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self, debugDescription: "no whole number that fits")
    }

    /// A whole number, or nil where there is none.
    package func wholeNumberIfPresent(forKey key: Key) throws -> Int? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try wholeNumber(forKey: key)
    }
}
