package import Foundation
package import HRMTensor

/// A safetensors file that is written straight from the memory of a model in use, a piece at a time,
/// so that a checkpoint takes no memory of its own.
package struct SafetensorsStream {
    /// Free text under the header's key `__metadata__`.
    package var metadata: [String: String] = [:]
    private var parts: [Part] = []

    /// A file without tensors.
    package init() {}

    private struct Part {
        var entry: SafetensorsHeader.Layout
        var content: Content
    }

    private enum Content {
        case matrix(Matrix)
        case bytes(Data)
    }

    /// Bytes that are copied at a time.
    private static let pieceByteCount = 1 << 22

    /// Adds a matrix, of which no copy is made.
    ///
    /// - Parameters:
    ///   - name: The tensor's name.
    ///   - matrix: A matrix without gaps between its rows.
    ///   - shape: Its extents; rows and columns unless given.
    package mutating func add(_ name: String, _ matrix: Matrix, shape: [Int]? = nil) {
        let shape = shape ?? [matrix.rows, matrix.columns]
        precondition(
            shape.reduce(1, *) == matrix.rows * matrix.columns,
            "\(shape) for \(matrix.shapeDescription)")
        parts.append(
            Part(
                entry: .init(
                    name: name, elementType: matrix.precision == .bfloat16 ? .bfloat16 : .float32,
                    shape: shape, byteCount: matrix.byteCount),
                content: .matrix(matrix)))
    }

    /// Adds a tensor.
    ///
    /// - Parameters:
    ///   - name: The tensor's name.
    ///   - tensor: The tensor.
    package mutating func add(_ name: String, _ tensor: SafetensorsTensor) {
        parts.append(
            Part(
                entry: .init(
                    name: name, elementType: tensor.elementType, shape: tensor.shape,
                    byteCount: tensor.bytes.count),
                content: .bytes(tensor.bytes)))
    }

    /// Writes the file, whole or not at all.
    ///
    /// - Parameters:
    ///   - url: Where to; a file that is there is replaced.
    ///   - otherNames: What becomes of other names that the file has.
    /// - Throws: ``SafetensorsError/unwritable(path:reason:)``.
    package func write(
        to url: URL, otherNames: FileReplacement.OtherNames = .follow
    ) throws(SafetensorsError) {
        let ordered = parts.sorted { $0.entry.precedes($1.entry) }
        do throws(FileError) {
            try AtomicFile.write(to: url, otherNames: otherNames) { sink throws(FileError) in
                try sink.write(
                    SafetensorsHeader.encoded(metadata: metadata, entries: ordered.map(\.entry)))
                for part in ordered { try Self.write(part.content, to: sink) }
            }
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    private static func write(_ content: Content, to sink: AtomicFile.Sink) throws(FileError) {
        switch content {
        case .bytes(let data): try sink.write(data)
        case .matrix(let matrix):
            var start = 0
            while start < matrix.byteCount {
                let end = min(start + pieceByteCount, matrix.byteCount)
                try sink.write(Data(matrix.bytes(start..<end)))
                start = end
            }
        }
    }
}
