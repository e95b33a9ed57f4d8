package import Foundation

/// An array of integers in numpy's `.npy` format.
///
/// Readable: format versions 1.0, 2.0 and 3.0; bool, uint8 and little-endian int32 and int64;
/// row-major order. Files are written byte for byte as by `numpy.save`.
package struct NPYFile: Sendable, Hashable {
    /// The element type and shape.
    package let header: NPYHeader
    /// The elements in row-major order.
    package let values: CompactIntegers

    /// The number of bytes read or written at a time; a multiple of every element size.
    package static let pieceByteCount = 1 << 20

    /// Creates an array in memory.
    ///
    /// - Precondition: The product of the shape is the number of values, and the values fit the
    ///   type.
    package init(elementType: NPYElementType, shape: [Int], values: CompactIntegers) {
        header = NPYHeader(elementType: elementType, shape: shape)
        precondition(
            header.elementCount == values.count, "\(values.count) values do not fill \(shape)")
        self.values = values
    }

    /// Reads a file.
    ///
    /// - Throws: ``NPYError`` with the file and the problem.
    package init(contentsOf url: URL) throws(NPYError) {
        let reader = try NPYReader(contentsOf: url)
        defer { reader.close() }
        try self.init(reader: reader)
    }

    /// Reads a file in memory.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: The name for error messages.
    /// - Throws: ``NPYError`` with the problem.
    package init(bytes: [UInt8], name: String) throws(NPYError) {
        try self.init(reader: NPYReader(source: ByteSource(bytes: bytes), path: name))
    }

    private init(reader: consuming NPYReader) throws(NPYError) {
        var values = CompactIntegers()
        values.reserveCapacity(reader.remaining)
        while reader.remaining > 0 {
            try reader.read(upTo: Self.pieceByteCount, into: &values)
        }
        header = reader.header
        self.values = values
    }

    /// Writes the file atomically: under a temporary name beside `url`, then renamed over an
    /// existing file.
    ///
    /// - Throws: ``NPYError/unwritable(path:reason:)``.
    package func write(to url: URL) throws(NPYError) {
        let temporary = url.deletingLastPathComponent().appendingPathComponent(
            ".\(url.lastPathComponent).\(UUID().uuidString)")
        do {
            var writer = try NPYWriter(
                url: temporary, elementType: header.elementType,
                rowShape: Array(header.shape.dropFirst()))
            try writer.append(values)
            try writer.finish(shape: header.shape)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw error.renamed(url.path)
        }
        guard rename(temporary.path, url.path) == 0 else {
            let reason = FileProblem(errorNumber: errno).reason
            try? FileManager.default.removeItem(at: temporary)
            throw NPYError.unwritable(path: url.path, reason: reason)
        }
    }
}

extension NPYError {
    /// Returns the same write error with the path that the user knows.
    fileprivate func renamed(_ path: String) -> NPYError {
        if case .unwritable(_, let reason) = self { return .unwritable(path: path, reason: reason) }
        return self
    }
}

extension Int {
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
