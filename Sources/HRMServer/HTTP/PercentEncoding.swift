/// Percent-encoded parts of a target (RFC 3986).
enum PercentEncoding {
    /// Decodes a segment of a path.
    ///
    /// - Parameter bytes: The encoded segment.
    /// - Returns: Its text, which names nothing but itself.
    /// - Throws: ``HTTPError`` for `.`, `..`, and separators or control characters in it.
    static func decodedSegment(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> String {
        let text = try decoded(bytes, place: "path")
        guard text != ".", text != "..",
            text.unicodeScalars.allSatisfy({
                $0 != "/" && $0 != "\\" && $0.value >= 0x20 && $0.value != 0x7F
            })
        else {
            throw HTTPError(
                .badRequest, "the path is not a plain one", at: "path",
                remedy: "use the paths of /v1/openapi.json")
        }
        return text
    }

    /// Decodes the names and values of a query; a plus sign is a space.
    static func decodedQuery(
        _ bytes: ArraySlice<UInt8>
    ) throws(HTTPError) -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let pair = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            func text(_ index: Int) throws(HTTPError) -> String {
                guard pair.count > index else { return "" }
                return try decoded(
                    ArraySlice(pair[index].map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }),
                    place: "query")
            }
            result.append((try text(0), try text(1)))
        }
        return result
    }

    private static func decoded(
        _ bytes: ArraySlice<UInt8>, place: String
    ) throws(HTTPError) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 2, rest.prefix(2).allSatisfy({ $0 < 0x80 }) else {
                throw invalid(place)
            }
            rest = rest.dropFirst(2)
            result.append(UInt8(digits[0] << 4 | digits[1]))
        }
        guard let text = String(validating: result, as: UTF8.self) else { throw invalid(place) }
        return text
    }

    private static func invalid(_ place: String) -> HTTPError {
        HTTPError(
            .badRequest, "the \(place) is not valid percent-encoded UTF-8", at: place,
            remedy: "encode it")
    }
}
