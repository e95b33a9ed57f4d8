package import Foundation
package import HRMTensor

/// Writes a safetensors file piece by piece directly from the memory of a model in use, so that a
/// checkpoint needs no additional memory.
package struct SafetensorsStream {
    /// Free text under the header's key `__metadata__`.
    package var metadata: [String: String] = [:]
    private var parts: [Part] = []

    /// Creates a file without tensors.
    package init() {}

    private struct Part {
        var entry: SafetensorsHeader.Layout
        var content: Content
    }

    private enum Content {
        case matrix(Matrix)
        case bytes(Data)
    }

    /// The number of bytes copied at a time.
    private static let pieceByteCount = 1 << 22

    /// Adds a matrix without copying it.
    ///
    /// - Parameters:
    ///   - name: The tensor's name.
    ///   - matrix: A matrix without gaps between its rows.
    ///   - shape: The tensor's shape; rows and columns by default.
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

    /// Writes the file atomically.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced.
    ///   - otherNames: The treatment of further hard links to the file.
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
