/// An array of integers, stored in one byte each if all of them fit, otherwise in four.
///
/// Tokens practically always fit: the inputs of a data set of a million Sudoku boards take 81 MB,
/// whatever the element type of the file.
package struct CompactIntegers: Sendable, Hashable {
    /// The numbers, if all of them fit in a byte.
    package private(set) var bytes: [UInt8]
    /// The numbers, if at least one does not fit in a byte; otherwise empty.
    package private(set) var wide: [Int32]

    /// Creates an empty array.
    package init() {
        bytes = []
        wide = []
    }

    /// Creates an array from bytes.
    package init(_ values: [UInt8]) {
        bytes = values
        wide = []
    }

    /// Creates an array from numbers of any size, stored as bytes if all of them fit.
    package init(_ values: [Int32]) {
        let fits = values.allSatisfy { (0...255).contains($0) }
        bytes = fits ? values.map { UInt8($0) } : []
        wide = fits ? [] : values
    }

    /// The number of elements.
    package var count: Int { wide.isEmpty ? bytes.count : wide.count }

    /// The number at `index`.
    package subscript(index: Int) -> Int32 {
        wide.isEmpty ? Int32(bytes[index]) : wide[index]
    }

    /// Copies the numbers from `start` on into an array.
    ///
    /// - Parameters:
    ///   - start: The index of the first number to copy.
    ///   - target: The destination array.
    ///   - range: The destination range.
    package func copy(from start: Int, into target: inout [Int32], at range: Range<Int>) {
        let shift = start - range.lowerBound
        if wide.isEmpty {
            for index in range { target[index] = Int32(bytes[index + shift]) }
        } else {
            for index in range { target[index] = wide[index + shift] }
        }
    }

    /// All numbers as four-byte integers.
    package var int32Values: [Int32] { wide.isEmpty ? bytes.map { Int32($0) } : wide }

    mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    mutating func append(contentsOf values: ArraySlice<UInt8>) {
        if wide.isEmpty {
            bytes.append(contentsOf: values)
        } else {
            for value in values { wide.append(Int32(value)) }
        }
    }

    mutating func append(_ value: Int32) {
        if wide.isEmpty, let byte = UInt8(exactly: value) {
            bytes.append(byte)
            return
        }
        if wide.isEmpty {
            wide.reserveCapacity(bytes.capacity)
            for byte in bytes { wide.append(Int32(byte)) }
            bytes = []
        }
        wide.append(value)
    }

    /// Returns the index of the first number that is neither in `allowed` nor in `exceptions`.
    package func firstIndex(outside allowed: Range<Int32>, except exceptions: [Int32] = []) -> Int?
    {
        if wide.isEmpty {
            var refused = [Bool](repeating: true, count: 256)
            for value in 0...255 {
                let number = Int32(value)
                refused[value] = !allowed.contains(number) && !exceptions.contains(number)
            }
            return bytes.firstIndex { refused[Int($0)] }
        }
        return wide.firstIndex { !allowed.contains($0) && !exceptions.contains($0) }
    }
}
