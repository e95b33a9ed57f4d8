/// What can lie on a pickle's stack.
///
/// Containers are numbers of places in the ``PickleHeap``: so a value that contains itself, or one
/// nested a million times, costs neither memory nor stack.
enum PickleValue: Equatable {
    case none
    case boolean(Bool)
    case integer(Int)
    case text(String)
    case tuple(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(Int)
    case tensor(Int)

    /// What it is called in messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .boolean: "a truth value"
        case .integer: "an integer"
        case .text: "a text"
        case .tuple: "a tuple"
        case .dictionary: "a dictionary"
        case .global(let global): global.name
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The names that a pickle may refer to.
///
/// They stand for what this package does itself; nothing of this name is ever looked up or called.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(SafetensorsElementType)

    /// The thing of a name; nil for all names that are not on the list.
    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_parameter": self = .rebuildParameter
        default:
            guard let type = Self.storages.first(where: { $0.name == name })?.type else {
                return nil
            }
            self = .storage(type)
        }
    }

    /// The name, as Python has it.
    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .storage(let type): Self.storageName(of: type)
        }
    }

    /// The storage class of a number format.
    static func storageName(of type: SafetensorsElementType) -> String {
        storages.first { $0.type == type }?.name ?? "torch.UntypedStorage"
    }

    private static let storages: [(name: String, type: SafetensorsElementType)] = [
        ("torch.DoubleStorage", .float64), ("torch.FloatStorage", .float32),
        ("torch.HalfStorage", .float16), ("torch.BFloat16Storage", .bfloat16),
        ("torch.LongStorage", .int64), ("torch.IntStorage", .int32),
        ("torch.ShortStorage", .int16), ("torch.CharStorage", .int8),
        ("torch.ByteStorage", .uint8), ("torch.BoolStorage", .bool),
    ]
}

/// The containers and tensors that a pickle has made.
struct PickleHeap {
    /// The elements of a file's tensors, one after the other.
    struct Storage: Equatable {
        var elementType: SafetensorsElementType
        /// The name of its entry in the archive, below `data/`.
        var key: String
        var elementCount: Int
    }

    /// A way to look at a storage.
    struct Tensor: Equatable {
        /// PyTorch's limit.
        static let mostAxes = 64

        var storage: Storage
        /// Elements before the first one.
        var offset: Int
        var shape: [Int]
        /// Elements from one index to the next, for each axis.
        var strides: [Int]
    }

    var tuples: [[PickleValue]] = []
    var dictionaries: [[(key: String, value: PickleValue)]] = []
    var storages: [Storage] = []
    var tensors: [Tensor] = []
}
