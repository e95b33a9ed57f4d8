public import Foundation

/// Named tensors and a few words about them, in the safetensors format.
///
/// The format: 8 bytes with the length of the header, least significant first; the header, a JSON
/// object that gives each tensor's type, shape and place; then the tensors' bytes without a gap.
/// A file is untrusted: whatever its bytes are, reading gives a value or a ``SafetensorsError``.
///
/// Where files of others differ from those that this package writes:
///
/// | found | taken as |
/// |---|---|
/// | `"__metadata__": null` | no metadata |
/// | a header whose length is no multiple of 8, tensors at odd places | read as they lie |
/// | white space in front of the header or behind it | skipped |
/// | members of a tensor's entry beside `dtype`, `shape` and `data_offsets` | skipped |
/// | a tensor's name twice, with the same type, shape and place | once |
/// | a tensor's name twice, otherwise | refused |
/// | a key of the metadata twice | once with equal texts, refused with others |
/// | `dtype`, `shape` or `data_offsets` twice in an entry, `__metadata__` twice | refused |
/// | metadata that are no texts | refused |
/// | number formats that this package does not compute with | kept in ``foreignTensors`` |
///
/// Bounds: a header of 100,000,000 bytes, 65,536 metadata, 1,048,576 tensors, 64 axes.
public struct SafetensorsFile: Sendable, Equatable {
    /// Free text under the header's key `__metadata__`.
    public var metadata: [String: String]
    private var tensors: [String: SafetensorsTensor] = [:]
    /// Tensors of number formats that this package does not compute with; they are written as they were
    /// read.
    public private(set) var foreignTensors: [String: ForeignTensor] = [:]

    static let metadataKey = "__metadata__"
    static let largestHeader = 100_000_000

    /// A file without tensors.
    ///
    /// - Parameter metadata: Free text under the header's key `__metadata__`.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// The names of the tensors that can be read, sorted.
    public var names: [String] { tensors.keys.sorted() }

    /// All tensors.
    var tensorsByName: [String: SafetensorsTensor] { tensors }

    /// The tensor of a name; nil when there is none.
    ///
    /// - Parameter name: Any name but `__metadata__`.
    public subscript(_ name: String) -> SafetensorsTensor? {
        get { tensors[name] }
        set {
            precondition(name != Self.metadataKey, "'\(name)' is not a tensor's name")
            foreignTensors[name] = nil
            tensors[name] = newValue
        }
    }

    /// The tensor of a name.
    ///
    /// - Parameter name: The name.
    /// - Returns: The tensor.
    /// - Throws: ``SafetensorsError/missingTensor(name:)`` when there is none, or
    ///   ``SafetensorsError/unknownElementType(path:name:elementType:)`` when its numbers are of a format
    ///   that is not known.
    public func tensor(_ name: String) throws(SafetensorsError) -> SafetensorsTensor {
        if let tensor = tensors[name] { return tensor }
        guard let foreign = foreignTensors[name] else { throw .missingTensor(name: name) }
        throw .unknownElementType(
            path: "the checkpoint", name: name, elementType: foreign.elementType)
    }
}

// MARK: - Reading

extension SafetensorsFile {
    /// Reads a file; the tensors' bytes are mapped and come from the disk when they are used.
    ///
    /// A file that is replaced meanwhile (as ``write(to:)`` does) keeps its old bytes here; one that
    /// is changed in place must not be.
    ///
    /// - Parameter url: A regular file.
    /// - Throws: ``SafetensorsError`` that names the file and what is wrong with it.
    public init(contentsOf url: URL) throws(SafetensorsError) {
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw .unreadable(path: error.path, reason: error.reason)
        }
        try self.init(bytes: bytes, path: url.path)
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: The file's name, for messages.
    /// - Throws: ``SafetensorsError`` that names the file and what is wrong with it.
    public init(bytes: Data, path: String) throws(SafetensorsError) {
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
    /// The bytes of the file; equal content gives equal bytes.
    ///
    /// Tensors lie in the order of their element's width, the widest first, then of their names, so
    /// that each is aligned to its elements.
    public func encoded() -> Data {
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

    /// Writes the file, whole or not at all.
    ///
    /// - Parameter url: Where to; a file that is there is replaced.
    /// - Throws: ``SafetensorsError/unwritable(path:reason:)``.
    public func write(to url: URL) throws(SafetensorsError) {
        do throws(FileError) {
            try AtomicFile.write(encoded(), to: url)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }
}
