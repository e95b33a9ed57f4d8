package import Foundation
package import HRMTensor

/// The tensors of a safetensors file in mapped memory, for models that are larger than their use.
///
/// Only the header is read at first. The rules and limits are those of ``SafetensorsFile``.
package struct MappedTensors: Sendable {
    /// A tensor's description in the header.
    package struct Entry: Sendable, Equatable {
        /// The name of the element type, which may be unsupported.
        package let elementType: String
        /// The extents, outermost first.
        package let shape: [Int]
        /// The position of the bytes in the file.
        package let range: Range<Int>
    }

    /// The path of the file.
    package let path: String
    /// The tensors by name.
    package let entries: [String: Entry]
    private let file: MappedFile

    /// Opens a file.
    ///
    /// - Parameter url: A regular file, which must not be shortened while the tensors are in use.
    /// - Throws: ``SafetensorsError`` with the file and the problem.
    package init(contentsOf url: URL) throws(SafetensorsError) {
        path = url.path
        do throws(MappedFile.Refusal) {
            file = try MappedFile(path: path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        let lengthBytes = 8
        guard file.byteCount >= lengthBytes else {
            throw .truncated(
                path: path, expectedBytes: lengthBytes, actualBytes: file.byteCount)
        }
        let promised = file.bytes(0..<lengthBytes).reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        guard let length = Int(exactly: promised), length <= SafetensorsFile.largestHeader else {
            throw .malformedHeader(
                path: path,
                reason: "its header would have \(promised) bytes, more than "
                    + "\(SafetensorsFile.largestHeader) are not accepted")
        }
        let start = lengthBytes + length
        guard start <= file.byteCount else {
            throw .truncated(path: path, expectedBytes: start, actualBytes: file.byteCount)
        }
        let header = try SafetensorsHeader(file.bytes(lengthBytes..<start), path: path)
        try header.checkLayout(startingAt: start, fileByteCount: file.byteCount, path: path)
        var entries: [String: Entry] = [:]
        for entry in header.entries {
            entries[entry.name] = Entry(
                elementType: entry.elementType, shape: entry.shape,
                range: (start + entry.offsets.lowerBound)..<(start + entry.offsets.upperBound))
        }
        self.entries = entries
    }

    /// Returns a tensor with two axes as a weight.
    ///
    /// float32 and bfloat16 numbers stay in the file's memory; binary16 and binary64 numbers, and
    /// tensors that are not aligned to their elements, are copied, as float32 or bfloat16.
    ///
    /// - Parameter name: The name of a tensor.
    /// - Returns: The weight; nil if it is missing, has another number of axes, no elements, or
    ///   elements that are not such numbers.
    package func weight(_ name: String) -> StoredWeight? {
        guard let entry = entries[name], entry.shape.count == 2,
            let type = SafetensorsElementType(rawValue: entry.elementType),
            entry.shape[0] > 0, entry.shape[1] > 0
        else { return nil }
        let (outputs, inputs) = (entry.shape[0], entry.shape[1])
        let precision: Precision
        switch type {
        case .float32, .float16, .float64: precision = .float32
        case .bfloat16: precision = .bfloat16
        default: return nil
        }
        let isNative = type == .float32 || type == .bfloat16
        if isNative, entry.range.lowerBound.isMultiple(of: type.byteCount) {
            return StoredWeight(
                file, offset: entry.range.lowerBound, outputs: outputs, inputs: inputs,
                precision: precision)
        }
        guard let values = floats(name) else { return nil }
        return StoredWeight(
            Matrix(values, rows: outputs, columns: inputs, precision: precision))
    }

    /// Returns the elements of a tensor of any shape as binary32.
    ///
    /// - Parameter name: The name of a tensor.
    /// - Returns: The elements; nil if it is missing, or its elements are not floating-point
    ///   numbers.
    package func floats(_ name: String) -> [Float]? {
        guard let entry = entries[name],
            let type = SafetensorsElementType(rawValue: entry.elementType), type.isFloatingPoint
        else { return nil }
        return SafetensorsTensor(
            elementType: type, shape: entry.shape, bytes: Data(file.bytes(entry.range))
        ).floats()
    }
}
