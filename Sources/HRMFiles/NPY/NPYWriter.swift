package import Foundation

/// Writes an `.npy` file row by row; the number of rows need not be known in advance.
///
/// numpy leaves room in the header for the first extent to grow, so the header's length does not
/// depend on the number of rows, and the header is rewritten at the end.
package struct NPYWriter {
    let url: URL
    let elementType: NPYElementType
    private let rowShape: [Int]
    private let handle: FileHandle
    private let headerByteCount: Int
    private var pending: [UInt8] = []
    private var elementCount = 0

    package init(url: URL, elementType: NPYElementType, rowShape: [Int]) throws(NPYError) {
        self.url = url
        self.elementType = elementType
        self.rowShape = rowShape
        do {
            try Data().write(to: url)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw .unwritable(path: url.path, reason: FileProblem(error).reason)
        }
        pending = NPYHeader(elementType: elementType, shape: [0] + rowShape).bytes
        headerByteCount = pending.count
        pending.reserveCapacity(NPYFile.pieceByteCount + 4096)
    }

    /// Appends elements that fit in a byte.
    package mutating func append(_ values: [UInt8]) throws(NPYError) {
        elementCount += values.count
        if elementType.byteCount == 1 {
            pending.append(contentsOf: values)
            try writePending(ifBeyond: NPYFile.pieceByteCount)
            return
        }
        let zeros = [UInt8](repeating: 0, count: elementType.byteCount - 1)
        for value in values {
            pending.append(value)
            pending.append(contentsOf: zeros)
            try writePending(ifBeyond: NPYFile.pieceByteCount)
        }
    }

    /// Appends elements of any size.
    ///
    /// - Precondition: The elements fit the type.
    package mutating func append(_ values: [Int32]) throws(NPYError) {
        elementCount += values.count
        for value in values {
            if elementType.byteCount == 1 {
                guard let byte = UInt8(exactly: value) else {
                    preconditionFailure("\(value) does not fit in \(elementType.name)")
                }
                pending.append(byte)
            } else {
                let bits = UInt64(bitPattern: Int64(value))
                for index in 0..<elementType.byteCount {
                    pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)))
                }
            }
            try writePending(ifBeyond: NPYFile.pieceByteCount)
        }
    }

    package mutating func append(_ values: CompactIntegers) throws(NPYError) {
        if values.wide.isEmpty { try append(values.bytes) } else { try append(values.wide) }
    }

    /// Writes the buffered elements and the final header.
    ///
    /// - Parameter shape: The shape of all appended elements; by default with as many rows as were
    ///   appended.
    /// - Throws: ``NPYError/unwritable(path:reason:)``.
    package mutating func finish(shape: [Int]? = nil) throws(NPYError) {
        let rowSize = rowShape.reduce(1, *)
        let shape = shape ?? [rowSize == 0 ? 0 : elementCount / rowSize] + rowShape
        let header = NPYHeader(elementType: elementType, shape: shape)
        precondition(
            header.elementCount == elementCount, "\(elementCount) elements do not fill \(shape)")
        let bytes = header.bytes
        precondition(bytes.count == headerByteCount, "the header of \(shape) has another length")
        try writePending(ifBeyond: 0)
        do {
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data(bytes))
            try handle.close()
        } catch {
            throw .unwritable(path: url.path, reason: FileProblem(error).reason)
        }
    }

    private mutating func writePending(ifBeyond limit: Int) throws(NPYError) {
        guard pending.count > limit else { return }
        do {
            try handle.write(contentsOf: Data(pending))
        } catch {
            throw .unwritable(path: url.path, reason: FileProblem(error).reason)
        }
        pending.removeAll(keepingCapacity: true)
    }
}
