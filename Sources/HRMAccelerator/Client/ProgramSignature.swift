/// The parameters and results of a program, read from its StableHLO text.
///
/// Plug-ins do not tell the parameters of a program, and executing compares nothing but sizes, so
/// they are read from the function `@main` in the text.
package struct ProgramSignature: Hashable, Sendable {
    /// A parameter of the program.
    package struct Parameter: Hashable, Sendable {
        /// The type of the buffer.
        package var type: BufferType
        /// True if the program takes the buffer's memory: the attribute `tf.aliasing_output` or
        /// `jax.buffer_donor`.
        package var isDonated: Bool
    }

    /// The parameters, in order.
    package var parameters: [Parameter]
    /// The types of the results, in order.
    package var results: [BufferType]
    /// The numbers of devices in the groups of each collective operation.
    var collectiveSizes: [Int]

    /// Reads the signature of `@main`.
    ///
    /// - Parameter text: The program, with `func.func @main(…)` in its usual form.
    /// - Throws: ``AcceleratorError/program(reason:)``.
    package init(text: String) throws(AcceleratorError) {
        var scanner = TextScanner(text)
        guard scanner.skip(past: "@main") else {
            throw .program(reason: "its text has no function @main")
        }
        scanner.skipBlanks()
        parameters = try scanner.group().map { piece throws(AcceleratorError) in
            Parameter(
                type: try BufferType(text: piece),
                isDonated: piece.contains("tf.aliasing_output")
                    || piece.contains("jax.buffer_donor"))
        }
        scanner.skipBlanks()
        results = []
        if scanner.skip(prefix: "->") {
            scanner.skipBlanks()
            let pieces = scanner.next == UInt8(ascii: "(") ? try scanner.group() : [scanner.line()]
            results = try pieces.map { piece throws(AcceleratorError) in
                try BufferType(text: piece)
            }
        }
        collectiveSizes = Self.collectiveSizes(text)
    }

    /// The sizes in `replica_groups = dense<…> : tensor<2x4xi64>`, groups times members.
    private static func collectiveSizes(_ text: String) -> [Int] {
        var scanner = TextScanner(text)
        var sizes: [Int] = []
        while scanner.skip(past: "replica_groups") {
            guard scanner.skip(past: ": tensor<"), let type = try? scanner.type(),
                type.shape.count == 2
            else { continue }
            sizes.append(type.count)
        }
        return sizes
    }
}

extension BufferType {
    /// Reads the first `tensor<…>` of a text.
    init(text: String) throws(AcceleratorError) {
        var scanner = TextScanner(text)
        guard scanner.skip(past: "tensor<") else {
            throw .program(reason: "'\(text.prefix(80))' in its signature has no tensor type")
        }
        self = try scanner.type()
    }
}

/// A forward scan over the bytes of a program's text.
private struct TextScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    /// Skips a text that comes next.
    mutating func skip(prefix: String) -> Bool {
        guard bytes[position...].starts(with: prefix.utf8) else { return false }
        position += prefix.utf8.count
        return true
    }

    /// Moves behind the next occurrence of a text.
    mutating func skip(past text: String) -> Bool {
        let pattern = Array(text.utf8)
        guard pattern.count <= bytes.count - position else { return false }
        for start in position...(bytes.count - pattern.count)
        where bytes[start] == pattern[0] && bytes[start...].starts(with: pattern) {
            position = start + pattern.count
            return true
        }
        return false
    }

    /// The rest of the line.
    mutating func line() -> String {
        let start = position
        while let byte = next, byte != 0x0A { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads a group in parentheses, and returns its pieces between commas outside of brackets.
    mutating func group() throws(AcceleratorError) -> [String] {
        guard skip(prefix: "(") else {
            throw .program(reason: "its text has no parameters in parentheses behind @main")
        }
        var pieces: [String] = []
        var start = position
        var depth = 0
        var isText = false
        func piece(_ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }
        while let byte = next {
            position += 1
            if isText {
                if byte == UInt8(ascii: "\\") { position += 1 }
                if byte == UInt8(ascii: "\"") { isText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "<"):
                depth += 1
            case UInt8(ascii: ")") where depth == 0:
                let last = piece(position - 1)
                if !pieces.isEmpty || last.contains(where: { !$0.isWhitespace }) {
                    pieces.append(last)
                }
                return pieces
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ">"):
                depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                pieces.append(piece(position - 1))
                start = position
            default: break
            }
        }
        throw .program(reason: "the signature of its function @main does not end")
    }

    /// Reads extents and element type up to `>` or `,`: `2x3xf32>`.
    mutating func type() throws(AcceleratorError) -> BufferType {
        let start = position
        while let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: ",") {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard let element = parts.last.flatMap({ ElementType(rawValue: String($0)) }) else {
            throw .program(reason: "tensor<\(text.prefix(80))> has an unknown element type")
        }
        var shape: [Int] = []
        var byteCount = element.byteCount
        for part in parts.dropLast() {
            guard let extent = Int(part), extent >= 0 else {
                throw .program(reason: "tensor<\(text.prefix(80))> has no fixed shape")
            }
            let (product, isTooLarge) = byteCount.multipliedReportingOverflow(by: max(1, extent))
            guard !isTooLarge else {
                throw .program(reason: "tensor<\(text.prefix(80))> is too large")
            }
            byteCount = product
            shape.append(extent)
        }
        return BufferType(element, shape)
    }
}
