package import Foundation

/// A tensor in its file representation: element type, shape and row-major bytes.
package struct SafetensorsTensor: Sendable, Equatable {
    /// The element type.
    package let elementType: SafetensorsElementType
    /// The extents, outermost first; empty for a single number.
    package let shape: [Int]
    /// The elements in little-endian order.
    package let bytes: Data

    /// Creates a tensor from bytes.
    ///
    /// - Parameters:
    ///   - elementType: The element type.
    ///   - shape: The extents, outermost first.
    ///   - bytes: As many bytes as the shape and the element type require.
    package init(elementType: SafetensorsElementType, shape: [Int], bytes: Data) {
        let expected = shape.reduce(elementType.byteCount, *)
        precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in \(shape)")
        precondition(
            bytes.count == expected,
            "\(bytes.count) bytes, \(elementType.rawValue) \(shape) takes \(expected)")
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// The number of elements.
    package var elementCount: Int { bytes.count / elementType.byteCount }
}

// MARK: - Values to bytes

extension SafetensorsTensor {
    /// Returns a tensor of binary64 numbers.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func float64(_ values: [Double], shape: [Int]) -> Self {
        Self(elementType: .float64, shape: shape, words: values.lazy.map(\.bitPattern))
    }

    /// Returns a tensor of binary32 numbers.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func float32(_ values: [Float], shape: [Int]) -> Self {
        Self(elementType: .float32, shape: shape, words: values.lazy.map(\.bitPattern))
    }

    /// Returns a tensor of bfloat16 numbers, rounded to nearest, ties to even.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func bfloat16(_ values: [Float], shape: [Int]) -> Self {
        Self(elementType: .bfloat16, shape: shape, words: values.lazy.map(\.bfloat16Bits))
    }

    /// Returns a tensor of 8-byte integers.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func int64(_ values: [Int], shape: [Int]) -> Self {
        Self(
            elementType: .int64, shape: shape,
            words: values.lazy.map { UInt64(bitPattern: Int64($0)) })
    }

    /// Returns a tensor of 4-byte integers.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func int32(_ values: [Int32], shape: [Int]) -> Self {
        Self(
            elementType: .int32, shape: shape, words: values.lazy.map { UInt32(bitPattern: $0) })
    }

    /// Returns a tensor of unsigned bytes.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func uint8(_ values: [UInt8], shape: [Int]) -> Self {
        Self(elementType: .uint8, shape: shape, words: values)
    }

    /// Returns a tensor of Booleans.
    ///
    /// - Parameters:
    ///   - values: The elements, row-major.
    ///   - shape: The extents, outermost first.
    /// - Returns: The tensor.
    package static func bool(_ values: [Bool], shape: [Int]) -> Self {
        Self(elementType: .bool, shape: shape, words: values.lazy.map { $0 ? UInt8(1) : 0 })
    }

    private init<Words: Collection>(
        elementType: SafetensorsElementType, shape: [Int], words: Words
    ) where Words.Element: FixedWidthInteger & UnsignedInteger {
        let width = Words.Element.bitWidth / 8
        var bytes = [UInt8](repeating: 0, count: words.count * width)
        var position = 0
        for word in words {
            for byte in 0..<width {
                bytes[position + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte))
            }
            position += width
        }
        self.init(elementType: elementType, shape: shape, bytes: Data(bytes))
    }
}

// MARK: - Bytes to values

extension SafetensorsTensor {
    /// Returns the elements as binary32; larger formats are rounded to the nearest number.
    package func floats() -> [Float] {
        switch elementType {
        case .float64: words(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .float32: words(UInt32.self) { Float(bitPattern: $0) }
        case .float16: words(UInt16.self) { Float(binary16Bits: $0) }
        case .bfloat16: words(UInt16.self) { Float(bfloat16Bits: $0) }
        case .float8E4M3: words(UInt8.self) { Float(e4m3Bits: $0) }
        case .float8E5M2: words(UInt8.self) { Float(binary16Bits: UInt16($0) << 8) }
        case .uint64: words(UInt64.self) { Float($0) }
        case .int64, .int32, .int16, .int8, .uint32, .uint16, .uint8, .bool:
            wholeNumbers { Float($0) }
        }
    }

    /// Returns the elements as binary64; only integers beyond 2⁵³ are rounded.
    package func doubles() -> [Double] {
        switch elementType {
        case .float64: words(UInt64.self) { Double(bitPattern: $0) }
        case .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: floats().map(Double.init)
        case .uint64: words(UInt64.self) { Double($0) }
        case .int64, .int32, .int16, .int8, .uint32, .uint16, .uint8, .bool:
            wholeNumbers { Double($0) }
        }
    }

    /// Returns the elements as integers, Booleans as 0 and 1; nil for floating-point elements, or
    /// if an element does not fit into `Int`.
    package func integers() -> [Int]? {
        switch elementType {
        case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: return nil
        case .uint64:
            let values = words(UInt64.self) { $0 }
            guard values.allSatisfy({ $0 <= UInt64(Int.max) }) else { return nil }
            return values.map { Int($0) }
        case .int64, .int32, .int16, .int8, .uint32, .uint16, .uint8, .bool:
            return wholeNumbers { Int($0) }
        }
    }

    private func wholeNumbers<Value>(_ convert: (Int64) -> Value) -> [Value] {
        switch elementType {
        case .int64: words(UInt64.self) { convert(Int64(bitPattern: $0)) }
        case .int32: words(UInt32.self) { convert(Int64(Int32(bitPattern: $0))) }
        case .int16: words(UInt16.self) { convert(Int64(Int16(bitPattern: $0))) }
        case .int8: words(UInt8.self) { convert(Int64(Int8(bitPattern: $0))) }
        case .uint32: words(UInt32.self) { convert(Int64($0)) }
        case .uint16: words(UInt16.self) { convert(Int64($0)) }
        case .uint8: words(UInt8.self) { convert(Int64($0)) }
        case .bool: words(UInt8.self) { convert($0 == 0 ? 0 : 1) }
        case .uint64, .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: []
        }
    }

    private func words<Word: FixedWidthInteger & UnsignedInteger, Value>(
        _: Word.Type, _ convert: (Word) -> Value
    ) -> [Value] {
        let span = bytes.span
        let width = Word.bitWidth / 8
        var values: [Value] = []
        values.reserveCapacity(span.count / width)
        for start in stride(from: 0, to: span.count, by: width) {
            var word: Word = 0
            for byte in 0..<width {
                word |= Word(truncatingIfNeeded: span[start + byte]) << (8 * byte)
            }
            values.append(convert(word))
        }
        return values
    }
}
