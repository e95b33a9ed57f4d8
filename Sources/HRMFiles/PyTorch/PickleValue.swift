/// A value on a pickle's stack.
///
/// Containers are indices into the ``PickleHeap``, so a value that contains itself or is nested a
/// million times costs neither memory nor stack. For values irrelevant to tensors, only the kind is
/// kept.
enum PickleValue: Equatable {
    case none
    case boolean(Bool)
    case integer(Int)
    /// A floating-point number, or an integer that `Int` cannot hold.
    case number
    case text(String)
    case bytes
    case tuple(Int)
    case list
    case set
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(Int)
    /// A storage with an element type that this package does not support.
    case foreignStorage
    case tensor(Int)
    /// A tensor with an element type that this package does not support.
    case foreignTensor
    /// A harmless object of no further use.
    case object

    /// The kind of the value, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .boolean: "a truth value"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a text"
        case .bytes: "bytes"
        case .tuple: "a tuple"
        case .list: "a list"
        case .set: "a set"
        case .dictionary: "a dictionary"
        case .global(let global): global.name
        case .storage, .foreignStorage: "a storage"
        case .tensor: "a tensor"
        case .foreignTensor: "a tensor of numbers of another format"
        case .object: "an object"
        }
    }
}

/// The names that a pickle may refer to.
///
/// They select behaviour implemented here; no Python object is ever looked up or called.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case defaultDictionary
    case rebuildTensor
    case rebuildTypedTensor
    case rebuildParameter
    case storage(SafetensorsElementType)
    case untypedStorage
    /// A storage with an element type that this package does not support.
    case foreignStorage(String)
    case numberFormat(SafetensorsElementType)
    /// A class or function that creates values without side effects; the values are discarded.
    case harmless(String)

    /// Looks up an allowed name; nil for all others.
    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "collections.defaultdict": self = .defaultDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_tensor_v3": self = .rebuildTypedTensor
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            self = .rebuildParameter
        case "torch.storage.UntypedStorage": self = .untypedStorage
        default:
            if let type = Self.storages.first(where: { $0.name == name })?.type {
                self = .storage(type)
            } else if let type = Self.formats.first(where: { $0.name == name })?.type {
                self = .numberFormat(type)
            } else if Self.foreignStorages.contains(name) {
                self = .foreignStorage(name)
            } else if Self.harmless.contains(name) {
                self = .harmless(name)
            } else {
                return nil
            }
        }
    }

    /// The qualified name in Python.
    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .defaultDictionary: "collections.defaultdict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildTypedTensor: "torch._utils._rebuild_tensor_v3"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .untypedStorage: "torch.storage.UntypedStorage"
        case .storage(let type): Self.storages.first { $0.type == type }?.name ?? "a storage"
        case .numberFormat(let type): Self.formats.first { $0.type == type }?.name ?? "a type"
        case .foreignStorage(let name), .harmless(let name): name
        }
    }

    /// True if PyTorch has a storage class for the element type; other types use untyped storages.
    static func hasStorage(_ type: SafetensorsElementType) -> Bool {
        storages.contains { $0.type == type }
    }

    private static let storages: [(name: String, type: SafetensorsElementType)] = [
        ("torch.DoubleStorage", .float64), ("torch.FloatStorage", .float32),
        ("torch.HalfStorage", .float16), ("torch.BFloat16Storage", .bfloat16),
        ("torch.LongStorage", .int64), ("torch.IntStorage", .int32),
        ("torch.ShortStorage", .int16), ("torch.CharStorage", .int8),
        ("torch.ByteStorage", .uint8), ("torch.BoolStorage", .bool),
    ]

    private static let formats: [(name: String, type: SafetensorsElementType)] = [
        ("torch.float64", .float64), ("torch.float32", .float32), ("torch.float16", .float16),
        ("torch.bfloat16", .bfloat16), ("torch.float8_e4m3fn", .float8E4M3),
        ("torch.float8_e5m2", .float8E5M2), ("torch.int64", .int64), ("torch.int32", .int32),
        ("torch.int16", .int16), ("torch.int8", .int8), ("torch.uint64", .uint64),
        ("torch.uint32", .uint32), ("torch.uint16", .uint16), ("torch.uint8", .uint8),
        ("torch.bool", .bool),
    ]

    private static let foreignStorages: Set<String> = [
        "torch.ComplexFloatStorage", "torch.ComplexDoubleStorage", "torch.QInt8Storage",
        "torch.QInt32Storage", "torch.QUInt8Storage",
    ]

    /// Values that are often saved beside weights: NumPy numbers, sizes, devices, paths, dates,
    /// settings.
    private static let harmless: Set<String> = {
        let builtins = [
            "set", "frozenset", "complex", "bytearray", "bytes", "dict", "list", "tuple", "int",
            "float", "bool", "str", "range", "slice",
        ]
        let arrays = ["numpy.core", "numpy._core"].flatMap { module in
            ["scalar", "_reconstruct"].map { "\(module).multiarray.\($0)" }
        }
        let formats = [
            "complex64", "complex128", "complex32", "float8_e8m0fnu", "float8_e4m3fnuz",
            "float8_e5m2fnuz", "strided", "preserve_format", "contiguous_format",
        ]
        return Set(
            ["builtins", "__builtin__"].flatMap { module in builtins.map { "\(module).\($0)" } }
                + arrays + formats.map { "torch.\($0)" } + [
                    "_codecs.encode", "numpy.dtype", "numpy.ndarray", "torch.Size", "torch.device",
                    "torch.serialization._get_layout", "collections.Counter",
                    "argparse.Namespace", "pathlib.Path", "pathlib.PosixPath",
                    "pathlib.WindowsPath", "pathlib.PurePosixPath", "datetime.datetime",
                    "datetime.date", "datetime.timedelta",
                ])
    }()
}

/// The containers and tensors created by a pickle.
package struct PickleHeap {
    /// A storage: the elements of one or more tensors in a contiguous block.
    struct Storage: Equatable {
        /// The element type; nil if the tensor states it.
        var elementType: SafetensorsElementType?
        /// The name of the storage's entry in the archive, below `data/`.
        var key: String
        /// The number of elements; the number of bytes if there is no element type.
        var elementCount: Int
    }

    /// A strided view of a storage.
    struct Tensor: Equatable {
        /// The maximum number of axes in PyTorch.
        static let mostAxes = 64

        var elementType: SafetensorsElementType
        /// The name of the storage's entry in the archive, below `data/`.
        var key: String
        /// The number of elements in the storage.
        var elementCount: Int
        /// The index of the first element in the storage.
        var offset: Int
        var shape: [Int]
        /// The distance in elements between consecutive indices, for each axis.
        var strides: [Int]
    }

    /// A dictionary; only values under text keys can lead to tensors.
    struct Dictionary {
        var pairs: [(key: String, value: PickleValue)] = []
    }

    /// The elements of all tuples in one array.
    private var elements: [PickleValue] = []
    private var tuples: [Range<Int>] = []
    private(set) var dictionaries: [Dictionary] = []
    private(set) var storages: [Storage] = []
    private(set) var tensors: [Tensor] = []
    /// The approximate memory of the whole heap in bytes.
    private(set) var byteCount = 0

    /// Returns the elements of a tuple without copying them.
    func tuple(_ number: Int) -> ArraySlice<PickleValue> { elements[tuples[number]] }

    mutating func add(tuple: ArraySlice<PickleValue>) -> PickleValue {
        let start = elements.count
        elements += tuple
        tuples.append(start..<elements.count)
        byteCount +=
            MemoryLayout<Range<Int>>.stride + tuple.count * MemoryLayout<PickleValue>.stride
        return .tuple(tuples.count - 1)
    }

    mutating func addDictionary() -> PickleValue {
        dictionaries.append(Dictionary())
        // An array has a header of 32 bytes.
        byteCount += MemoryLayout<Dictionary>.stride + 32
        return .dictionary(dictionaries.count - 1)
    }

    mutating func put(_ key: String, _ value: PickleValue, into dictionary: Int) {
        dictionaries[dictionary].pairs.append((key, value))
        // An array grows by doubling.
        byteCount += 2 * MemoryLayout<(String, PickleValue)>.stride
    }

    mutating func add(_ storage: Storage) -> PickleValue {
        storages.append(storage)
        byteCount += MemoryLayout<Storage>.stride
        return .storage(storages.count - 1)
    }

    mutating func add(_ tensor: Tensor) -> PickleValue {
        tensors.append(tensor)
        byteCount += MemoryLayout<Tensor>.stride + 64
        byteCount += (tensor.shape.count + tensor.strides.count) * MemoryLayout<Int>.stride
        return .tensor(tensors.count - 1)
    }

    /// Adds the memory of a text, apart from its value on the stack.
    mutating func count(textOf bytes: Int) {
        byteCount += bytes > 15 ? bytes + 32 : 0
    }
}
