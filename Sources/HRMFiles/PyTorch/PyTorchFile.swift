package import Foundation

/// Named tensors in the format of `torch.save(model.state_dict(), path)`, or in a training
/// checkpoint under a key.
///
/// The format is a zip archive with one folder, in which `data.pkl` is a pickle that describes the
/// dictionary, and `data/0`, `data/1`, … are the numbers. Files are untrusted: for any bytes,
/// reading returns a value or throws ``PyTorchFileError``, and nothing in the file is executed.
package struct PyTorchFile: Sendable, Equatable {
    /// The tensors' names, in the order of the file.
    package private(set) var names: [String] = []
    private var tensors: [String: SafetensorsTensor] = [:]
    /// The key under which the tensors were found, such as `model` or `state_dict`; nil if they are
    /// at the top level.
    package private(set) var stateDictionary: String?
    /// Skipped keys, whose values are not tensors of the state dictionary, each with the kind of
    /// its value.
    package private(set) var skipped: [String] = []
    /// Keys of the other tensor dictionaries in the file.
    package private(set) var otherDictionaries: [String] = []

    static let dataName = "data.pkl"
    static let largestPickle = 1 << 26
    /// The maximum ratio of the tensors' total size to the file's size, since storages may be
    /// shared.
    static let largestGrowth = 8

    /// Creates a file without tensors.
    package init() {}

    /// The tensor with a name; nil if there is none.
    ///
    /// - Parameter name: The name, with all of its prefixes.
    package subscript(_ name: String) -> SafetensorsTensor? {
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
}

extension PyTorchFile {
    /// Returns true if both files have the same tensors in the same order, regardless of layout.
    package static func == (first: Self, second: Self) -> Bool {
        first.names == second.names && first.tensors == second.tensors
    }
}

// MARK: - Reading

extension PyTorchFile {
    /// Reads a file; the tensors' bytes are memory-mapped.
    ///
    /// - Parameters:
    ///   - url: A regular file.
    ///   - wanted: The key of the state dictionary, or an unambiguous part of it, such as `ema`; by
    ///     default the model's state dictionary.
    /// - Throws: ``PyTorchFileError`` with the file and the problem.
    package init(
        contentsOf url: URL, stateDictionary wanted: String? = nil
    ) throws(PyTorchFileError) {
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw .file(error)
        }
        try self.init(bytes: bytes, path: url.path, stateDictionary: wanted)
    }

    /// Reads a file from its bytes.
    ///
    /// - Parameters:
    ///   - bytes: The complete file.
    ///   - path: The file's name, for messages.
    ///   - wanted: The key of the state dictionary, or an unambiguous part of it.
    /// - Throws: ``PyTorchFileError`` with the file and the problem.
    package init(
        bytes: Data, path: String, stateDictionary wanted: String? = nil
    ) throws(PyTorchFileError) {
        guard FileKind(bytes) != .legacyPyTorch else { throw .legacyFormat(path: path) }
        let entries = try PyTorchEntries(bytes, path: path)
        let described = try Self.described(
            by: entries.content(of: Self.dataName), path: path, wanted: wanted)
        stateDictionary = described.path
        skipped = described.skipped
        otherDictionaries = described.others
        try read(described.tensors, from: entries, fileByteCount: bytes.count, path: path)
    }

    private mutating func read(
        _ described: [(name: String, tensor: PickleHeap.Tensor)], from entries: PyTorchEntries,
        fileByteCount: Int, path: String
    ) throws(PyTorchFileError) {
        var views: [(name: String, source: PickleHeap.Tensor, tensor: StridedTensor)] = []
        var total = 0
        for (name, tensor) in described {
            let view: StridedTensor
            do throws(TensorProblem) {
                view = try StridedTensor(tensor)
            } catch {
                throw .malformedTensor(path: path, name: name, reason: error.reason)
            }
            // No single byte count overflows, and the sum must stay small, too.
            total = total.addingReportingOverflow(view.byteCount).partialValue
            guard view.byteCount <= Self.largestGrowth * fileByteCount,
                total <= Self.largestGrowth * fileByteCount
            else {
                throw .malformedTensor(
                    path: path, name: name,
                    reason: "brings the tensors to more than \(Self.largestGrowth) times the "
                        + "file's size, because they share numbers; save copies of them, such as "
                        + "{name: tensor.clone()}")
            }
            views.append((name, tensor, view))
        }
        var storages: [String: Data] = [:]
        for (name, source, view) in views {
            let content: Data
            if let known = storages[source.key] {
                content = known
            } else {
                content = try entries.content(of: "data/\(source.key)")
                storages[source.key] = content
            }
            let (expected, overflow) = source.elementCount.multipliedReportingOverflow(
                by: source.elementType.byteCount)
            guard !overflow, content.count == expected else {
                throw .malformedTensor(
                    path: path, name: name,
                    reason: "needs \(source.elementCount.counted("element")) of "
                        + "\(source.elementType.byteCount.counted("byte")) in the entry "
                        + "'data/\(source.key)', which has \(content.count.counted("byte"))")
            }
            names.append(name)
            tensors[name] = view.written(out: content)
        }
    }

    /// Returns the state dictionary that a pickle describes.
    private static func described(
        by pickle: Data, path: String, wanted: String?
    ) throws(PyTorchFileError) -> StateDictionary {
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
            case .tooLarge(let limit):
                throw .notAStateDict(
                    path: path,
                    reason: "its values beside the tensors take more than \(limit) bytes of memory")
            case .malformed(let reason):
                throw .malformedPickle(path: path, reason: reason, offset: error.offset)
            }
        }
        do throws(StateDictionaryProblem) {
            return try StateDictionary(result, in: heap, wanted: wanted)
        } catch {
            guard error.keys.isEmpty else {
                throw .noSuchDictionary(path: path, reason: error.reason, keys: error.keys)
            }
            throw .notAStateDict(path: path, reason: error.reason)
        }
    }
}
