package import Foundation

/// Named tensors and text metadata in the safetensors format.
///
/// The format is the header's length in 8 little-endian bytes; the header, a JSON object with the
/// type, shape and position of each tensor; and the tensors' bytes without gaps. Files are
/// untrusted: for any bytes, reading returns a value or throws ``SafetensorsError``.
///
/// Deviations from the files that this package writes are treated as follows:
///
/// | in the file | treatment |
/// |---|---|
/// | `"__metadata__": null` | no metadata |
/// | a header length that is not a multiple of 8, unaligned tensors | accepted |
/// | white space before or after the header | skipped |
/// | members of a tensor's entry other than `dtype`, `shape` and `data_offsets` | skipped |
/// | a duplicate tensor name with equal type, shape and position | read once |
/// | any other duplicate tensor name | refused |
/// | a duplicate metadata key | read once if the texts are equal, otherwise refused |
/// | a duplicate `dtype`, `shape`, `data_offsets` or `__metadata__` | refused |
/// | metadata other than text | refused |
/// | unsupported element types | kept in ``foreignTensors`` |
///
/// Limits: a header of 100,000,000 bytes, 65,536 metadata entries, 1,048,576 tensors, 64 axes.
package struct SafetensorsFile: Sendable, Equatable {
    /// Free text under the header's key `__metadata__`.
    package var metadata: [String: String]
    private var tensors: [String: SafetensorsTensor] = [:]
    /// Tensors of unsupported element types; they are written back unchanged.
    package private(set) var foreignTensors: [String: ForeignTensor] = [:]

    static let metadataKey = "__metadata__"
    static let largestHeader = 100_000_000

    /// Creates a file without tensors.
    ///
    /// - Parameter metadata: Free text under the header's key `__metadata__`.
    package init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// The names of the readable tensors, sorted.
    package var names: [String] { tensors.keys.sorted() }

    /// All readable tensors by name.
    var tensorsByName: [String: SafetensorsTensor] { tensors }

    /// The tensor with a name; nil if there is none.
    ///
    /// - Parameter name: Any name but `__metadata__`.
    package subscript(_ name: String) -> SafetensorsTensor? {
        get { tensors[name] }
        set {
            precondition(name != Self.metadataKey, "'\(name)' is not a tensor's name")
            foreignTensors[name] = nil
            tensors[name] = newValue
        }
    }

    /// Returns the tensor with a name.
    ///
    /// - Parameter name: The name.
    /// - Returns: The tensor.
    /// - Throws: ``SafetensorsError/missingTensor(name:)`` if there is none, or
    ///   ``SafetensorsError/unknownElementType(path:name:elementType:)`` if its element type is not
    ///   supported.
    package func tensor(_ name: String) throws(SafetensorsError) -> SafetensorsTensor {
        if let tensor = tensors[name] { return tensor }
        guard let foreign = foreignTensors[name] else { throw .missingTensor(name: name) }
        throw .unknownElementType(
            path: "the checkpoint", name: name, elementType: foreign.elementType)
    }
}

// MARK: - Reading

extension SafetensorsFile {
    /// Reads a file; the tensors' bytes are memory-mapped.
    ///
    /// If the file is replaced later (as ``write(to:)`` does), this value keeps the old bytes; the
    /// file must not be modified in place.
    ///
    /// - Parameter url: A regular file.
    /// - Throws: ``SafetensorsError`` with the file and the problem.
    package init(contentsOf url: URL) throws(SafetensorsError) {
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw .unreadable(path: error.path, reason: error.reason)
        }
        try self.init(bytes: bytes, path: url.path)
    }

    /// Reads a file from its bytes.
    ///
    /// - Parameters:
    ///   - bytes: The complete file.
    ///   - path: The file's name, for messages.
    /// - Throws: ``SafetensorsError`` with the file and the problem.
    package init(bytes: Data, path: String) throws(SafetensorsError) {
        let lengthBytes = 8
        guard bytes.count >= lengthBytes else {
            throw .truncated(path: path, expectedBytes: lengthBytes, actualBytes: bytes.count)
        }
        let promised = bytes.prefix(lengthBytes).reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        guard let length = Int(exactly: promised), length <= Self.largestHeader else {
            throw .malformedHeader(
                path: path,
                reason: "its header would have \(promised) bytes, more than "
                    + "\(Self.largestHeader) are not accepted")
        }
        let start = lengthBytes + length
        guard start <= bytes.count else {
            throw .truncated(path: path, expectedBytes: start, actualBytes: bytes.count)
        }
        let origin = bytes.startIndex
        let header = try SafetensorsHeader(
            Array(bytes[origin + lengthBytes..<origin + start]), path: path)
        try header.checkLayout(startingAt: start, fileByteCount: bytes.count, path: path)
        metadata = header.metadata
        for entry in header.entries {
            let first = origin + start + entry.offsets.lowerBound
            let content = bytes[first..<first + entry.offsets.count]
            if let type = SafetensorsElementType(rawValue: entry.elementType) {
                tensors[entry.name] = SafetensorsTensor(
                    elementType: type, shape: entry.shape, bytes: content)
            } else {
                foreignTensors[entry.name] = ForeignTensor(
                    elementType: entry.elementType, shape: entry.shape, bytes: content)
            }
        }
    }
}

// MARK: - Writing

extension SafetensorsFile {
    /// Returns the bytes of the file; equal content gives equal bytes.
    ///
    /// Tensors are ordered by decreasing element size, then by name, so that each is aligned to its
    /// elements.
    package func encoded() -> Data {
        let own = tensors.map { name, tensor in
            (
                entry: SafetensorsHeader.Layout(
                    name: name, elementType: tensor.elementType, shape: tensor.shape,
                    byteCount: tensor.bytes.count),
                bytes: tensor.bytes
            )
        }
        let foreign = foreignTensors.map { name, tensor in
            (
                entry: SafetensorsHeader.Layout(
                    name: name, typeName: tensor.elementType, width: 0, shape: tensor.shape,
                    byteCount: tensor.bytes.count),
                bytes: tensor.bytes
            )
        }
        let ordered = (own + foreign).sorted { $0.entry.precedes($1.entry) }
        var data = SafetensorsHeader.encoded(metadata: metadata, entries: ordered.map(\.entry))
        data.reserveCapacity(data.count + ordered.reduce(0) { $0 + $1.bytes.count })
        for tensor in ordered { data.append(tensor.bytes) }
        return data
    }

    /// Writes the file atomically.
    ///
    /// - Parameter url: The destination; an existing file is replaced.
    /// - Throws: ``SafetensorsError/unwritable(path:reason:)``.
    package func write(to url: URL) throws(SafetensorsError) {
        do throws(FileError) {
            try AtomicFile.write(encoded(), to: url)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }
}
