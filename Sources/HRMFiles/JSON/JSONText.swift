package import Foundation

/// Decodes values from JSON that users write or download.
package enum JSONText {
    /// Decodes a text after a check by ``JSONScanner``.
    ///
    /// - Parameters:
    ///   - type: The expected type.
    ///   - bytes: JSON in UTF-8, with or without a byte order mark.
    /// - Returns: The value.
    /// - Throws: ``JSONProblem`` with the invalid member.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(JSONProblem) -> Value {
        _ = try JSONScanner.outline(of: bytes)
        return try decodeScanned(type, from: bytes)
    }

    /// Decodes a text that the scanner has already checked.
    package static func decodeScanned<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(JSONProblem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data(bytes))
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
            // The decoder reports numbers that do not fit in the same way as text that is not JSON.
            let isJSON = try? JSONSerialization.jsonObject(
                with: data(bytes), options: .fragmentsAllowed)
            throw .unfit(
                reason: isJSON == nil
                    ? "it is not valid JSON"
                    : "a number in it does not fit: where a whole number belongs, one has a fraction "
                        + "or is too large")
        } catch let error as DecodingError {
            throw .unfit(reason: error.explanation)
        } catch {
            throw .unfit(reason: error.localizedDescription)
        }
    }

    /// Converts UTF-16 and UTF-32, as saved by some editors, to UTF-8; other bytes are unchanged.
    package static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let zeros = bytes.prefix(4).map { $0 == 0 }
        let encoding: String.Encoding? =
            if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
                .utf32
            } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
                .utf16
            } else {
                // JSON begins with ASCII, so zero bytes reveal the width and the byte order.
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

    /// Returns the text for a decoder, without the byte order mark, which not all decoders accept.
    package static func data(_ bytes: [UInt8]) -> Data {
        Data(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
    }
}

extension KeyedDecodingContainer {
    /// Decodes an integer; unlike the decoder's own, the error for a fraction names the key.
    package func wholeNumber(forKey key: Key) throws -> Int {
        do {
            return try decode(Int.self, forKey: key)
        } catch let error as DecodingError {
            guard case .dataCorrupted = error else { throw error }
        } catch {
            // Foundation's own error for such a number is not a `DecodingError`.
        }
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self, debugDescription: "no whole number that fits")
    }

    /// Decodes an integer, or `nil` if the key is absent or null.
    package func wholeNumberIfPresent(forKey key: Key) throws -> Int? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try wholeNumber(forKey: key)
    }
}
