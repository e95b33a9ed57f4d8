package import Foundation

/// A sequential reader of an array in numpy's `.npy` format.
package struct NPYReader {
    /// The element type and shape.
    package let header: NPYHeader
    /// The number of unread elements.
    package private(set) var remaining: Int
    private let path: String
    private var source: ByteSource

    /// Opens a file and reads its header.
    ///
    /// - Throws: ``NPYError`` with the file and the problem.
    package init(contentsOf url: URL) throws(NPYError) {
        let source: ByteSource
        do {
            source = try ByteSource(url: url)
        } catch {
            throw .unreadable(path: url.path, reason: error.reason)
        }
        do {
            try self.init(source: source, path: url.path)
        } catch {
            source.close()
            throw error
        }
    }

    init(source: ByteSource, path: String) throws(NPYError) {
        var source = source
        let (header, headerByteCount) = try Self.readHeader(&source, path: path)
        let type = header.elementType
        let available = source.totalCount - headerByteCount
        let expected = (header.elementCount ?? .max).multipliedReportingOverflow(by: type.byteCount)
        // Comparing with the file's length first prevents large allocations for a wrong header.
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
        self.header = header
        self.path = path
        self.source = source
        remaining = available / type.byteCount
    }

    /// Appends the next `count` elements, or as many as are left.
    ///
    /// - Throws: ``NPYError`` if the file has been truncated, or an element does not fit.
    package mutating func read(upTo count: Int, into values: inout CompactIntegers) throws(NPYError)
    {
        let type = header.elementType
        let wanted = min(remaining, count)
        let first = (header.elementCount ?? 0) - remaining
        let piece = try Self.read(wanted * type.byteCount, from: &source, path: path)
        guard piece.count == wanted * type.byteCount else {
            throw .truncated(
                path: path, expectedBytes: source.totalCount,
                actualBytes: source.totalCount - remaining * type.byteCount + piece.count)
        }
        try Self.decode(piece, as: type, first: first, into: &values, path: path)
        remaining -= wanted
    }

    package func close() {
        source.close()
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
            // The start of a short file distinguishes a truncated file from a file of another kind.
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
        _ piece: [UInt8], as type: NPYElementType, first: Int, into values: inout CompactIntegers,
        path: String
    ) throws(NPYError) {
        switch type {
        case .uint8:
            values.append(contentsOf: piece[...])
        case .bool:
            if let index = piece.firstIndex(where: { $0 > 1 }) {
                throw .valueOutOfRange(
                    path: path, index: first + index, value: Int64(piece[index]))
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
                    throw .valueOutOfRange(path: path, index: first + start / 8, value: value)
                }
                values.append(narrow)
            }
        }
    }

    private static func littleEndian(_ bytes: [UInt8], at start: Int) -> UInt32 {
        UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
            | UInt32(bytes[start + 3]) << 24
    }
}
