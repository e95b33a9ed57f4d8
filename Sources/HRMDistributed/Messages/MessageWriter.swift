package import HRMTensor

/// Writes values to a message, in a fixed order that ``MessageReader`` repeats.
package struct MessageWriter {
    /// The message so far.
    package private(set) var bytes: [UInt8] = []

    /// Creates an empty message.
    package init() {}

    /// Appends an integer.
    package mutating func add(_ value: Int) { addBits(of: Int64(value).littleEndian) }

    /// Appends a flag.
    package mutating func add(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Appends a number, all of its bits.
    package mutating func add(_ value: Double) { addBits(of: value.bitPattern.littleEndian) }

    /// Appends a number, all of its bits.
    package mutating func add(_ value: Float) { addBits(of: value.bitPattern.littleEndian) }

    /// Appends a number that may be missing.
    package mutating func add(_ value: Double?) {
        add(value != nil)
        if let value { add(value) }
    }

    /// Appends a text.
    package mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends tokens.
    package mutating func add(_ values: some Collection<Int32>) {
        add(values.count)
        for value in values { addBits(of: value.littleEndian) }
    }

    /// Appends integers.
    package mutating func add(_ values: [Int]) {
        add(values.count)
        for value in values { add(value) }
    }

    /// Appends numbers, all of their bits.
    package mutating func add(_ values: [Float]) {
        add(values.count)
        for value in values { addBits(of: value.bitPattern.littleEndian) }
    }

    /// Appends the elements of a matrix without gaps between its rows, in the machine's byte order.
    package mutating func add(_ matrix: Matrix) {
        bytes.append(contentsOf: matrix.bytes(0..<matrix.byteCount))
    }

    private mutating func addBits<Value: BitwiseCopyable>(of value: Value) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }
}
