/// The element types of data-set files.
public enum NPYElementType: String, Sendable, Codable, Hashable, CaseIterable {
    /// One byte, 0 or 1.
    case bool = "|b1"
    /// One byte, 0 through 255.
    case uint8 = "|u1"
    /// Four bytes, signed, little-endian.
    case int32 = "<i4"
    /// Eight bytes, signed, little-endian.
    case int64 = "<i8"

    /// The size of an element in bytes.
    package var byteCount: Int {
        switch self {
        case .bool, .uint8: 1
        case .int32: 4
        case .int64: 8
        }
    }

    /// The type's name in numpy.
    package var name: String {
        switch self {
        case .bool: "bool"
        case .uint8: "uint8"
        case .int32: "int32"
        case .int64: "int64"
        }
    }
}

/// The header of an `.npy` file.
package struct NPYHeader: Sendable, Hashable {
    /// The element type.
    package var elementType: NPYElementType
    /// The shape, outermost dimension first; elements are in row-major order.
    package var shape: [Int]

    /// The maximum length of a header in bytes; numpy itself stops reading at 10,000.
    static let longestText = 1 << 16
    /// The maximum number of dimensions.
    static let highestRank = 32
    static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Creates the header of a row-major array.
    package init(elementType: NPYElementType, shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in shape \(shape)")
        self.elementType = elementType
        self.shape = shape
    }

    /// The number of elements, or `nil` if it exceeds the range of `Int`.
    var elementCount: Int? {
        if shape.contains(0) { return 0 }
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// The bytes that numpy writes for this header.
    ///
    /// They have format version 1.0, or 2.0 if longer than 65,535 bytes, and are padded with spaces
    /// so that the elements start at a multiple of 64. As in numpy, there is room for the first
    /// extent to grow to 21 digits, so that a file can be extended in place.
    package var bytes: [UInt8] {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text =
            "{'descr': '\(elementType.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
        if let first = shape.first {
            text += String(repeating: " ", count: max(0, 21 - String(first).count))
        }
        var prefix = Self.signature + [1, 0]
        var lengthBytes = 2
        func padding(_ lengthBytes: Int) -> Int {
            64 - (Self.signature.count + 2 + lengthBytes + text.utf8.count + 1) % 64
        }
        if text.utf8.count + 1 + padding(2) > 0xFFFF {
            prefix = Self.signature + [2, 0]
            lengthBytes = 4
        }
        text += String(repeating: " ", count: padding(lengthBytes)) + "\n"
        let length = text.utf8.count
        for index in 0..<lengthBytes {
            prefix.append(UInt8(truncatingIfNeeded: length >> (8 * index)))
        }
        return prefix + Array(text.utf8)
    }

    /// Parses the dictionary between the length field and the elements.
    ///
    /// - Throws: ``NPYError`` if it is malformed, or describes an unsupported array.
    init(text: [UInt8], path: String) throws(NPYError) {
        var scanner = PythonLiteralScanner(bytes: text)
        var description: String?
        var isFortran: Bool?
        var extents: [Int]?
        func damaged(_ reason: String) -> NPYError { .malformedHeader(path: path, reason: reason) }

        guard scanner.take("{") else { throw damaged("it does not begin with '{'") }
        while !scanner.take("}") {
            guard let key = scanner.takeString(), scanner.take(":") else {
                throw damaged("a key is missing at byte \(scanner.position)")
            }
            switch key {
            case "descr":
                guard description == nil else { throw damaged("'descr' appears twice") }
                guard let value = scanner.takeString() else {
                    throw NPYError.unsupportedElementType(path: path, found: "a record")
                }
                description = value
            case "fortran_order":
                guard isFortran == nil, let value = scanner.takeBool() else {
                    throw damaged("'fortran_order' is not True or False")
                }
                isFortran = value
            case "shape":
                guard extents == nil, let value = scanner.takeTuple(atMost: Self.highestRank) else {
                    throw damaged("'shape' is not a tuple of sizes")
                }
                extents = value
            default:
                throw damaged("the key '\(key.prefix(40))' is unknown")
            }
            if !scanner.take(",") {
                guard scanner.take("}") else {
                    throw damaged("'}' is missing at byte \(scanner.position)")
                }
                break
            }
        }
        guard scanner.isAtEnd else { throw damaged("there is text after '}'") }
        guard let description, let isFortran, let extents else {
            throw damaged("'descr', 'fortran_order' or 'shape' is missing")
        }
        guard let elementType = NPYElementType(rawValue: description) else {
            throw NPYError.unsupportedElementType(
                path: path, found: "'\(description.prefix(40))'")
        }
        guard !isFortran else { throw NPYError.fortranOrder(path: path) }
        self.init(elementType: elementType, shape: extents)
    }
}

/// A parser of the few kinds of Python literals in an npy header.
private struct PythonLiteralScanner {
    let bytes: [UInt8]
    private(set) var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    var isAtEnd: Bool {
        var rest = self
        rest.skipBlanks()
        return rest.position == bytes.count
    }

    mutating func take(_ text: String) -> Bool {
        skipBlanks()
        let wanted = Array(text.utf8)
        guard bytes.count - position >= wanted.count,
            bytes[position..<(position + wanted.count)].elementsEqual(wanted)
        else { return false }
        position += wanted.count
        return true
    }

    /// Parses a quoted string without escapes.
    mutating func takeString() -> String? {
        skipBlanks()
        guard position < bytes.count, bytes[position] == 0x27 || bytes[position] == 0x22 else {
            return nil
        }
        let quote = bytes[position]
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: quote) else { return nil }
        let content = bytes[start..<end]
        guard !content.contains(0x5C) else { return nil }
        position = end + 1
        return String(decoding: content, as: UTF8.self)
    }

    mutating func takeBool() -> Bool? {
        if take("True") { return true }
        return take("False") ? false : nil
    }

    mutating func takeInteger() -> Int? {
        skipBlanks()
        var value: Int?
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (scaled, tooLarge) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(Int(bytes[position] - 0x30))
            if tooLarge || overflow { return nil }
            value = sum
            position += 1
        }
        return value
    }

    mutating func takeTuple(atMost limit: Int) -> [Int]? {
        guard take("(") else { return nil }
        var values: [Int] = []
        while !take(")") {
            guard values.count < limit, let value = takeInteger() else { return nil }
            values.append(value)
            if !take(",") {
                // "(5)" is a number in Python, not a tuple.
                guard values.count > 1, take(")") else { return nil }
                break
            }
        }
        return values
    }
}
