public import Foundation

/// Named tensors as `torch.save(model.state_dict(), path)` writes them.
///
/// The format: a zip archive with one folder, in which `data.pkl` is a pickle that describes the
/// dictionary, and `data/0`, `data/1`, … are the numbers. A file is untrusted: whatever its bytes
/// are, reading gives a value or a ``PyTorchFileError``, and nothing in it is executed.
public struct PyTorchFile: Sendable, Equatable {
    /// The tensors' names, in the order of the file.
    public private(set) var names: [String] = []
    private var tensors: [String: SafetensorsTensor] = [:]

    static let dataName = "data.pkl"
    static let largestPickle = 1 << 26
    /// Storages may be shared, but not so often that a small file stands for a large one.
    static let largestGrowth = 8

    /// A file without tensors.
    public init() {}

    /// The tensor of a name; nil when there is none.
    ///
    /// - Parameter name: The name, with all of its prefixes.
    public subscript(_ name: String) -> SafetensorsTensor? {
        get { tensors[name] }
        set {
            if newValue == nil {
                names.removeAll { $0 == name }
            } else if tensors[name] == nil {
                names.append(name)
            }
            tensors[name] = newValue
        }
    }

    /// Whether bytes begin like a file that ``init(contentsOf:)`` reads, or like an older one that it
    /// refuses with words on what to do.
    ///
    /// - Parameter bytes: The beginning of a file.
    /// - Returns: Whether they do.
    public static func isLikely(_ bytes: Data) -> Bool {
        bytes.starts(with: ZipArchive.signature) || bytes.starts(with: pickleStart)
    }

    private static let pickleStart: [UInt8] = [PickleOpcode.proto.rawValue]
}

// MARK: - Reading

extension PyTorchFile {
    /// Reads a file; the tensors' bytes are mapped and come from the disk when they are used.
    ///
    /// - Parameter url: A regular file.
    /// - Throws: ``PyTorchFileError`` that names the file and what is wrong with it.
    public init(contentsOf url: URL) throws(PyTorchFileError) {
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw .file(error)
        }
        try self.init(bytes: bytes, path: url.path)
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: The file's name, for messages.
    /// - Throws: ``PyTorchFileError`` that names the file and what is wrong with it.
    public init(bytes: Data, path: String) throws(PyTorchFileError) {
        guard !bytes.starts(with: Self.pickleStart) else { throw .legacyFormat(path: path) }
        let entries = try PyTorchEntries(bytes, path: path)
        let described = try Self.described(by: entries.content(of: Self.dataName), path: path)
        var views: [(name: String, storage: PickleHeap.Storage, tensor: StridedTensor)] = []
        var total = 0
        for (name, tensor) in described {
            let view: StridedTensor
            do throws(TensorProblem) {
                view = try StridedTensor(tensor)
            } catch {
                throw .malformedTensor(path: path, name: name, reason: error.reason)
            }
            // None has more bytes than can be counted, and not even their sum may be large.
            total = total.addingReportingOverflow(view.byteCount).partialValue
            guard view.byteCount <= Self.largestGrowth * bytes.count,
                total <= Self.largestGrowth * bytes.count
            else {
                throw .malformedTensor(
                    path: path, name: name,
                    reason: "brings the tensors to more than \(Self.largestGrowth) times the "
                        + "file's size, because they share numbers; save copies of them, such as "
                        + "{name: tensor.clone()}")
            }
            views.append((name, tensor.storage, view))
        }
        var storages: [String: Data] = [:]
        for (name, storage, view) in views {
            let content: Data
            if let known = storages[storage.key] {
                content = known
            } else {
                content = try entries.content(of: "data/\(storage.key)")
                storages[storage.key] = content
            }
            let (expected, overflow) = storage.elementCount.multipliedReportingOverflow(
                by: storage.elementType.byteCount)
            guard !overflow, content.count == expected else {
                throw .malformedTensor(
                    path: path, name: name,
                    reason: "needs \(storage.elementCount) elements of "
                        + "\(storage.elementType.byteCount) bytes in the entry "
                        + "'data/\(storage.key)', which has \(content.count) bytes")
            }
            names.append(name)
            tensors[name] = view.written(out: content)
        }
    }

    /// The tensors of a pickle, each name once.
    private static func described(
        by pickle: Data, path: String
    ) throws(PyTorchFileError) -> [(String, PickleHeap.Tensor)] {
        guard pickle.count <= largestPickle else {
            throw .notAStateDict(
                path: path,
                reason: "its pickle has \(pickle.count) bytes, more than \(largestPickle) are not "
                    + "accepted")
        }
        let result: PickleValue
        let heap: PickleHeap
        do throws(PickleProblem) {
            (result, heap) = try PickleMachine.run(pickle)
        } catch {
            switch error.kind {
            case .opcode(let opcode):
                throw .forbiddenOpcode(path: path, opcode: opcode, offset: error.offset)
            case .global(let name):
                throw .forbiddenGlobal(path: path, name: name, offset: error.offset)
            case .malformed(let reason):
                throw .malformedPickle(path: path, reason: reason, offset: error.offset)
            }
        }
        guard case .dictionary(let root) = result else {
            throw .notAStateDict(path: path, reason: "it holds \(result.kind)")
        }
        var seen: Set<String> = []
        var tensors: [(String, PickleHeap.Tensor)] = []
        for (name, value) in heap.dictionaries[root] {
            guard case .tensor(let tensor) = value else {
                throw .notAStateDict(path: path, reason: "'\(name)' is \(value.kind)")
            }
            guard seen.insert(name).inserted else {
                throw .notAStateDict(path: path, reason: "the name '\(name)' stands there twice")
            }
            tensors.append((name, heap.tensors[tensor]))
        }
        return tensors
    }
}
