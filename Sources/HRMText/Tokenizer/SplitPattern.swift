/// The split pattern of Qwen 2, which divides text into the pieces that are merged separately.
///
/// The function ``end(ofPieceAt:in:)`` matches this regular expression without a library, in linear
/// time:
///
/// ```
/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
enum SplitPattern {
    /// The regular expression, as `tokenizer.json` contains it.
    static let expression =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    /// Calls `body` with the range of each piece; the pieces cover all code points.
    static func forEachPiece(of scalars: [UInt32], _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < scalars.count {
            let end = end(ofPieceAt: start, in: scalars)
            body(start..<end)
            start = end
        }
    }

    /// Returns the UTF-8 of Unicode scalars.
    static func utf8(_ scalars: ArraySlice<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in scalars {
            guard let scalar = Unicode.Scalar(value) else {
                preconditionFailure("\(value) is not a Unicode scalar")
            }
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return bytes
    }

    /// Returns the end of the piece that begins at a place.
    ///
    /// - Parameters:
    ///   - start: The place; there is a code point.
    ///   - scalars: The text.
    /// - Returns: A place after `start`.
    static func end(ofPieceAt start: Int, in scalars: [UInt32]) -> Int {
        let first = ScalarClass(scalars[start])
        if scalars[start] == 0x27, let end = contraction(after: start, in: scalars) { return end }
        if first == .letter { return end(of: .letter, from: start, in: scalars) }
        if first == .number { return start + 1 }
        let second = start + 1 < scalars.count ? ScalarClass(scalars[start + 1]) : nil
        if first != .lineEnd, second == .letter {
            return end(of: .letter, from: start + 1, in: scalars)
        }
        if first == .other || scalars[start] == 0x20 && second == .other {
            let symbols = end(of: .other, from: first == .other ? start : start + 1, in: scalars)
            return end(of: .lineEnd, from: symbols, in: scalars)
        }
        return endOfSpace(from: start, in: scalars)
    }

    private static func end(of kind: ScalarClass, from start: Int, in scalars: [UInt32]) -> Int {
        var end = start
        while end < scalars.count, ScalarClass(scalars[end]) == kind { end += 1 }
        return end
    }

    /// Returns the end of white space: after its last line end, otherwise before the last
    /// character of the run unless the text ends there or it is the only one.
    private static func endOfSpace(from start: Int, in scalars: [UInt32]) -> Int {
        var end = start
        var lineEnd: Int?
        while end < scalars.count {
            let kind = ScalarClass(scalars[end])
            guard kind.isSpace else { break }
            end += 1
            if kind == .lineEnd { lineEnd = end }
        }
        if let lineEnd { return lineEnd }
        return end == scalars.count || end == start + 1 ? end : end - 1
    }

    /// Returns the end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` in any case.
    private static func contraction(after start: Int, in scalars: [UInt32]) -> Int? {
        func letter(_ offset: Int) -> UInt32? {
            guard start + offset < scalars.count else { return nil }
            let scalar = scalars[start + offset]
            // The long s is a lower-case form of S.
            if scalar == 0x17F { return 0x73 }
            return (0x41...0x5A).contains(scalar) ? scalar + 0x20 : scalar
        }
        switch (letter(1), letter(2)) {
        case (0x73, _), (0x74, _), (0x6D, _), (0x64, _): return start + 2
        case (0x72, 0x65), (0x76, 0x65), (0x6C, 0x6C): return start + 3
        default: return nil
        }
    }
}
