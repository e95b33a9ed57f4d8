/// What can lie on a pickle's stack.
///
/// Containers are numbers of places in the ``PickleHeap``: so a value that contains itself, or one
/// nested a million times, costs neither memory nor stack. Of what no tensor is made of, only the kind is
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
    /// A storage of numbers that this package does not compute with.
    case foreignStorage
    case tensor(Int)
    /// A tensor of numbers that this package does not compute with.
    case foreignTensor
    /// An object that is harmless and of no use.
    case object

    /// The kind in messages.
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
/// They stand for what this package does itself; nothing of this name is ever looked up or called.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case defaultDictionary
    case rebuildTensor
    case rebuildTypedTensor
    case rebuildParameter
    case storage(SafetensorsElementType)
    case untypedStorage
    /// A storage of numbers that this package does not compute with.
    case foreignStorage(String)
    case numberFormat(SafetensorsElementType)
    /// A class or a function that makes values without effect, of which nothing is kept.
    case harmless(String)

    /// The thing of a name; nil for all names that are not on the list.
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

    /// The name, as Python has it.
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

    /// Whether a number format has a class of storages; others are bytes with the format beside them.
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

    /// Values that people save beside weights: numbers of NumPy, sizes, devices, paths, dates, settings.
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

/// The containers and tensors that a pickle has made.
struct PickleHeap {
    /// The elements of a file's tensors, one after the other.
    struct Storage: Equatable {
        /// The number format; nil where the tensor says it.
        var elementType: SafetensorsElementType?
        /// The name of its entry in the archive, below `data/`.
        var key: String
        /// The number of elements; of bytes where there is no number format.
        var elementCount: Int
    }

    /// A way to look at a storage.
    struct Tensor: Equatable {
        /// PyTorch's limit.
        static let mostAxes = 64

        var elementType: SafetensorsElementType
        /// The name of the storage's entry in the archive, below `data/`.
        var key: String
        /// Elements of the storage.
        var elementCount: Int
        /// Elements before the first one.
        var offset: Int
        var shape: [Int]
        /// Elements from one index to the next, for each axis.
        var strides: [Int]
    }

    /// A dictionary; only pairs whose keys are texts can lead to tensors.
    struct Dictionary {
        var pairs: [(key: String, value: PickleValue)] = []
    }

    /// The elements of all tuples, one after the other.
    private var elements: [PickleValue] = []
    private var tuples: [Range<Int>] = []
    private(set) var dictionaries: [Dictionary] = []
    private(set) var storages: [Storage] = []
    private(set) var tensors: [Tensor] = []
    /// Bytes that all of it takes, about.
    private(set) var byteCount = 0

    /// The elements of a tuple, without a copy.
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
        // An array has 32 bytes in front of its elements.
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

    /// Counts the bytes of a text beside its value on the stack.
    mutating func count(textOf bytes: Int) {
        byteCount += bytes > 15 ? bytes + 32 : 0
    }
}
