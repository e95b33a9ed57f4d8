/// Writes the pickle of a dictionary of tensors, each with a separate storage.
struct PickleWriter {
    private(set) var bytes: [UInt8] = []

    /// Returns the pickle of an ordered dictionary of tensors.
    ///
    /// - Parameter tensors: Names, element types and shapes; the storage of the tensor at index n
    ///   is the entry `data/n`.
    /// - Returns: The pickle.
    static func dictionary(
        of tensors: [(name: String, elementType: SafetensorsElementType, shape: [Int])]
    ) -> [UInt8] {
        var writer = PickleWriter()
        writer.put(.proto)
        writer.bytes.append(2)
        writer.putEmptyDictionary()
        writer.put(.mark)
        for (index, tensor) in tensors.enumerated() {
            writer.put(tensor.name)
            writer.putTensor(storage: index, tensor.elementType, shape: tensor.shape)
        }
        writer.put(.setItems)
        writer.put(.stop)
        return writer.bytes
    }

    /// Writes the description that `torch.save` gives a contiguous CPU tensor without gradient.
    private mutating func putTensor(
        storage: Int, _ type: SafetensorsElementType, shape: [Int]
    ) {
        var strides: [Int] = []
        var count = 1
        for extent in shape.reversed() {
            strides.insert(count, at: 0)
            count *= extent
        }
        // Newer element types have no storage class: they use untyped storages.
        let isTyped = PickleGlobal.hasStorage(type)
        put(isTyped ? .rebuildTensor : .rebuildTypedTensor)
        put(.mark)
        put(.mark)
        put("storage")
        put(isTyped ? .storage(type) : .untypedStorage)
        put("\(storage)")
        put("cpu")
        put(isTyped ? count : count * type.byteCount)
        put(.tuple)
        put(.binPersistentID)
        put(0)
        put(shape)
        put(strides)
        put(.newFalse)
        putEmptyDictionary()
        if !isTyped { put(.numberFormat(type)) }
        put(.tuple)
        put(.reduce)
    }

    private mutating func putEmptyDictionary() {
        put(.orderedDictionary)
        put(.emptyTuple)
        put(.reduce)
    }

    private mutating func put(_ opcode: PickleOpcode) {
        bytes.append(opcode.rawValue)
    }

    private mutating func put(_ global: PickleGlobal) {
        put(.global)
        // The last component is the name within the module.
        let parts = global.name.split(separator: ".")
        let module = parts.dropLast().joined(separator: ".")
        bytes.append(contentsOf: "\(module)\n\(parts.last ?? "")\n".utf8)
    }

    private mutating func put(_ text: String) {
        put(.binUnicode)
        bytes.append(text.utf8.count, width: 4)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func put(_ number: Int) {
        switch number {
        case 0...0xFF:
            put(.binInt1)
            bytes.append(number, width: 1)
        case 0...0xFFFF:
            put(.binInt2)
            bytes.append(number, width: 2)
        case 0...Int(Int32.max):
            put(.binInt)
            bytes.append(number, width: 4)
        default:
            put(.long1)
            bytes.append(8)
            bytes.append(number, width: 8)
        }
    }

    private mutating func put(_ numbers: [Int]) {
        guard !numbers.isEmpty else { return put(.emptyTuple) }
        put(.mark)
        for number in numbers { put(number) }
        put(.tuple)
    }
}
