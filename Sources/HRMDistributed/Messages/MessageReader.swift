package import HRMTensor

/// Reads the values of a message in the order in which ``MessageWriter`` wrote them.
package struct MessageReader {
    /// The defect of a message.
    package struct Problem: Error, Equatable, Sendable {
        /// The defect as a clause.
        package let reason: String
    }

    private let bytes: [UInt8]
    private var position = 0

    /// Creates a reader of a message.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// True if everything has been read.
    package var isAtEnd: Bool { position == bytes.count }

    /// Reads an integer.
    package mutating func integer() throws(Problem) -> Int {
        Int(Int64(bitPattern: try bits(UInt64.self)))
    }

    /// Reads an integer of a range.
    package mutating func integer(in range: ClosedRange<Int>) throws(Problem) -> Int {
        let value = try integer()
        guard range.contains(value) else {
            throw Problem(reason: "\(value) instead of \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Reads a flag.
    package mutating func flag() throws(Problem) -> Bool { try take(1).first == 1 }

    /// Reads a number.
    package mutating func double() throws(Problem) -> Double {
        Double(bitPattern: try bits(UInt64.self))
    }

    /// Reads a number.
    package mutating func float() throws(Problem) -> Float {
        Float(bitPattern: try bits(UInt32.self))
    }

    /// Reads a number that may be missing.
    package mutating func optionalDouble() throws(Problem) -> Double? {
        try flag() ? try double() : nil
    }

    /// Reads a text.
    package mutating func text() throws(Problem) -> String {
        String(decoding: try take(try integer()), as: UTF8.self)
    }

    /// Reads tokens.
    package mutating func tokens() throws(Problem) -> [Int32] {
        try values(UInt32.self).map { Int32(bitPattern: $0) }
    }

    /// Reads integers.
    package mutating func integers() throws(Problem) -> [Int] {
        try values(UInt64.self).map { Int(Int64(bitPattern: $0)) }
    }

    /// Reads numbers.
    package mutating func floats() throws(Problem) -> [Float] {
        try values(UInt32.self).map { Float(bitPattern: $0) }
    }

    /// Reads the elements of a matrix.
    package mutating func read(into matrix: Matrix) throws(Problem) {
        let part = Array(try take(matrix.byteCount))
        unsafe matrix.assign(bytes: part.span.bytes)
    }

    private mutating func values<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ type: Bits.Type
    ) throws(Problem) -> [Bits] {
        let count = try integer()
        let size = MemoryLayout<Bits>.size
        guard count >= 0, count <= (bytes.count - position) / size else {
            throw Problem(reason: "it announces \(count) values, and ends before")
        }
        var result: [Bits] = []
        result.reserveCapacity(count)
        for _ in 0..<count { result.append(try bits(type)) }
        return result
    }

    private mutating func bits<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ type: Bits.Type
    ) throws(Problem) -> Bits {
        let part = try take(MemoryLayout<Bits>.size)
        return unsafe part.withUnsafeBytes { buffer in
            unsafe Bits(littleEndian: buffer.loadUnaligned(as: Bits.self))
        }
    }

    private mutating func take(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else {
            throw Problem(reason: "it ends after \(bytes.count) bytes")
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }
}
