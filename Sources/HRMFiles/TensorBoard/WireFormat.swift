/// Writes messages in the wire format of protocol buffers.
///
/// Event files need five messages with about a dozen fields. Their code is shorter than the message
/// definitions would be, and a protocol buffer library takes longer to build than the rest of this
/// package.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    /// Creates an empty message.
    package init() {}

    package mutating func append(_ value: Int, field: Int) {
        appendVarint(UInt64(field) << 3)
        appendVarint(UInt64(bitPattern: Int64(value)))
    }

    package mutating func append(_ value: Double, field: Int) {
        appendVarint(UInt64(field) << 3 | 1)
        bytes += value.bitPattern.littleEndianBytes
    }

    package mutating func append(_ value: Float, field: Int) {
        appendVarint(UInt64(field) << 3 | 5)
        bytes += value.bitPattern.littleEndianBytes
    }

    /// Appends a length-delimited field: a text, a message or other bytes.
    package mutating func append(_ value: some Collection<UInt8>, field: Int) {
        appendVarint(UInt64(field) << 3 | 2)
        appendVarint(UInt64(value.count))
        bytes += value
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Reads a message in the wire format of protocol buffers, field by field.
package struct WireReader {
    /// The value of a field by wire type.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
    }

    /// A defect in the bytes.
    struct Damage: Error {
        package var reason: String
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Returns the next field; nil at the end of the message.
    mutating func next() throws(Damage) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try takeVarint()
        guard let field = Int(exactly: key >> 3), field >= 1 else {
            throw Damage(reason: "a field has the number \(key >> 3)")
        }
        switch key & 7 {
        case 0: return (field, .varint(try takeVarint()))
        case 1: return (field, .fixed64(UInt64(littleEndianBytes: try take(8))))
        case 2:
            let count = try takeVarint()
            return (field, .bytes(try take(Int(clamping: count))))
        case 5:
            let bits = UInt64(littleEndianBytes: try take(4))
            return (field, .fixed32(UInt32(truncatingIfNeeded: bits)))
        default: throw Damage(reason: "field \(field) is stored in an unknown way")
        }
    }

    private mutating func take(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
        guard count <= rest.count else {
            throw Damage(
                reason: "a field of \(count.counted("byte")) in \(rest.count) that are left")
        }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    private mutating func takeVarint() throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard let byte = rest.popFirst() else {
                throw Damage(reason: "it ends in the middle of a number")
            }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw Damage(reason: "a number has more than ten bytes")
    }
}

extension FixedWidthInteger {
    /// The bytes in little-endian order.
    var littleEndianBytes: [UInt8] {
        (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}

extension UInt64 {
    /// Creates a number from its lowest bytes in little-endian order.
    init(littleEndianBytes bytes: ArraySlice<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
