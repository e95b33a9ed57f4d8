public import Foundation

/// An array of whole numbers in numpy's `.npy` format.
///
/// Read: format versions 1.0, 2.0 and 3.0; bool, uint8 and little-endian int32 and int64; row-major
/// order. Written: the very bytes that `numpy.save` writes.
public struct NPYFile: Sendable, Hashable {
    /// Element type and extents.
    public let header: NPYHeader
    /// The elements in row-major order.
    public let values: CompactIntegers

    /// Bytes that are read or written at a time; a multiple of every element's size.
    static let pieceByteCount = 1 << 20

    /// An array in memory.
    ///
    /// - Precondition: The extents multiply to the number of values, and the values fit the type.
    public init(elementType: NPYElementType, shape: [Int], values: CompactIntegers) {
        header = NPYHeader(elementType: elementType, shape: shape)
        precondition(
            header.elementCount == values.count, "\(values.count) values do not fill \(shape)")
        self.values = values
    }

    /// Reads a file.
    ///
    /// - Throws: ``NPYError`` naming the file and what is wrong with it.
    public init(contentsOf url: URL) throws(NPYError) {
        do {
            var source = try ByteSource(url: url)
            defer { source.close() }
            try self.init(source: &source, path: url.path)
        } catch let error as NPYError {
            throw error
        } catch {
            throw NPYError.unreadable(path: url.path, reason: (error as? FileProblem)?.reason ?? "")
        }
    }

    /// Reads a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What errors call it.
    /// - Throws: ``NPYError`` saying what is wrong.
    public init(bytes: [UInt8], name: String) throws(NPYError) {
        var source = ByteSource(bytes: bytes)
        try self.init(source: &source, path: name)
    }

    private init(source: inout ByteSource, path: String) throws(NPYError) {
        let (header, headerByteCount) = try Self.readHeader(&source, path: path)
        let type = header.elementType
        let available = source.totalCount - headerByteCount
        let expected = (header.elementCount ?? .max).multipliedReportingOverflow(by: type.byteCount)
        // Comparing with the file's length first keeps a lying header from asking for memory.
        guard !expected.overflow, expected.partialValue <= available else {
            throw .truncated(
                path: path,
                expectedBytes: expected.overflow
                    ? .max : expected.partialValue.addingClamped(headerByteCount),
                actualBytes: source.totalCount)
        }
        guard expected.partialValue == available else {
            throw .trailingBytes(
                path: path, expectedBytes: headerByteCount + expected.partialValue,
                actualBytes: source.totalCount)
        }
        var values = CompactIntegers()
        values.reserveCapacity(available / type.byteCount)
        var remaining = available
        while remaining > 0 {
            let wanted = min(remaining, Self.pieceByteCount)
            let piece = try Self.read(wanted, from: &source, path: path)
            guard piece.count == wanted else {
                throw .truncated(
                    path: path, expectedBytes: source.totalCount,
                    actualBytes: source.totalCount - remaining + piece.count)
            }
            try Self.decode(piece, as: type, into: &values, path: path)
            remaining -= wanted
        }
        self.header = header
        self.values = values
    }

    private static func read(
        _ count: Int, from source: inout ByteSource, path: String
    ) throws(NPYError) -> [UInt8] {
        do {
            return try source.read(upTo: count)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }

    private static func readHeader(
        _ source: inout ByteSource, path: String
    ) throws(NPYError) -> (NPYHeader, byteCount: Int) {
        let start = try read(8, from: &source, path: path)
        let signature = NPYHeader.signature
        guard start.starts(with: signature) else {
            // What there is of a short file decides between "cut off" and "something else".
            if !start.isEmpty, signature.starts(with: start) {
                throw .truncated(path: path, expectedBytes: 10, actualBytes: start.count)
            }
            throw .notNPY(path: path)
        }
        guard start.count == 8 else {
            throw .truncated(path: path, expectedBytes: 10, actualBytes: start.count)
        }
        let (major, minor) = (Int(start[6]), Int(start[7]))
        guard (1...3).contains(major), minor == 0 else {
            throw .unsupportedVersion(path: path, major: major, minor: minor)
        }
        let lengthByteCount = major == 1 ? 2 : 4
        let lengthBytes = try read(lengthByteCount, from: &source, path: path)
        var length = 0
        for byte in lengthBytes.reversed() { length = length << 8 | Int(byte) }
        let begin = 8 + lengthByteCount
        guard lengthBytes.count == lengthByteCount, length <= source.totalCount - begin else {
            throw .truncated(
                path: path, expectedBytes: begin + length, actualBytes: source.totalCount)
        }
        guard length <= NPYHeader.longestText else {
            throw .malformedHeader(
                path: path,
                reason: "it is \(length) bytes long, at most \(NPYHeader.longestText) are read")
        }
        let text = try read(length, from: &source, path: path)
        return (try NPYHeader(text: text, path: path), begin + length)
    }

    private static func decode(
        _ piece: [UInt8], as type: NPYElementType, into values: inout CompactIntegers, path: String
    ) throws(NPYError) {
        switch type {
        case .uint8:
            values.append(contentsOf: piece[...])
        case .bool:
            if let index = piece.firstIndex(where: { $0 > 1 }) {
                throw .valueOutOfRange(
                    path: path, index: values.count + index, value: Int64(piece[index]))
            }
            values.append(contentsOf: piece[...])
        case .int32:
            for start in stride(from: 0, to: piece.count, by: 4) {
                values.append(Int32(bitPattern: littleEndian(piece, at: start)))
            }
        case .int64:
            for start in stride(from: 0, to: piece.count, by: 8) {
                let low = littleEndian(piece, at: start)
                let high = littleEndian(piece, at: start + 4)
                let value = Int64(bitPattern: UInt64(high) << 32 | UInt64(low))
                guard let narrow = Int32(exactly: value) else {
                    throw .valueOutOfRange(path: path, index: values.count, value: value)
                }
                values.append(narrow)
            }
        }
    }

    private static func littleEndian(_ bytes: [UInt8], at start: Int) -> UInt32 {
        UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
            | UInt32(bytes[start + 3]) << 24
    }

    /// Writes the file under a temporary name beside `url`, then renames it, replacing what was
    /// there.
    ///
    /// - Throws: ``NPYError/unwritable(path:reason:)``.
    public func write(to url: URL) throws(NPYError) {
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
    /// The same failure to write, told of the file that the user knows.
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
