/// A problem in a pickle and the byte offset at which it occurs.
package struct PickleProblem: Error, Equatable {
    enum Kind: Equatable {
        /// An instruction that is not supported.
        case opcode(UInt8)
        /// A name that is not on the allowlist.
        case global(String)
        /// The values would take more memory than the limit, in bytes.
        case tooLarge(limit: Int)
        /// Anything else.
        case malformed(String)
    }

    var kind: Kind
    var offset: Int
}

/// Reads the pickle of a file of named tensors without executing anything.
///
/// A pickle is a program for a stack machine. This machine supports only the instructions of
/// ``PickleOpcode`` and the names of ``PickleGlobal``, and produces plain values. The memory of
/// these values is bounded by ``limit(forByteCount:)``, and the time of an instruction is
/// proportional to the bytes it reads or produces.
package struct PickleMachine {
    private let input: LittleEndianBytes
    private let limit: Int
    private var position = 0
    /// The offset of the current instruction.
    private var start = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var heap = PickleHeap()

    /// Bytes of values allowed for each byte of the pickle; PyTorch's own pickles need half as
    /// many.
    private static let growth = 24
    private static let leastLimit = 1 << 16
    private static let mostLimit = 1 << 29

    /// The maximum memory that the values of a pickle may use, in bytes.
    static func limit(forByteCount count: Int) -> Int {
        min(leastLimit + growth * count, mostLimit)
    }

    private init(_ bytes: some Sequence<UInt8>) {
        input = LittleEndianBytes(bytes)
        limit = Self.limit(forByteCount: input.bytes.count)
    }

    /// Runs a pickle.
    ///
    /// - Parameter bytes: The complete pickle.
    /// - Returns: The resulting value and the heap that it refers to.
    /// - Throws: ``PickleProblem``.
    static func run(
        _ bytes: some Sequence<UInt8>
    ) throws(PickleProblem) -> (result: PickleValue, heap: PickleHeap) {
        var machine = PickleMachine(bytes)
        while true {
            machine.start = machine.position
            let byte = UInt8(try machine.number(width: 1))
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw PickleProblem(kind: .opcode(byte), offset: machine.start)
            }
            if opcode == .stop { return (try machine.pop(), machine.heap) }
            try machine.execute(opcode)
            guard machine.byteCount <= machine.limit else {
                throw PickleProblem(
                    kind: .tooLarge(limit: machine.limit), offset: machine.start)
            }
        }
    }

    /// The approximate memory of all values in bytes: arrays grow by doubling, and a hash table
    /// entry takes twice its size.
    private var byteCount: Int {
        let value = MemoryLayout<PickleValue>.stride
        return heap.byteCount + 2 * stack.count * value + 2 * marks.count * 8
            + 2 * memo.count * (value + 8)
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(PickleProblem) {
        switch opcode {
        case .proto:
            let version = try number(width: 1)
            guard (2...5).contains(version) else {
                throw malformed("the pickle has protocol \(version), known are 2 to 5")
            }
        case .frame: _ = try number(width: 8)
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())
        case .none, .newTrue, .newFalse, .binInt, .binInt1, .binInt2, .long1, .long4, .binFloat:
            stack.append(try scalar(opcode))
        case .binUnicode: stack.append(.text(try text(byteCount: number(width: 4))))
        case .shortBinUnicode: stack.append(.text(try text(byteCount: number(width: 1))))
        case .binUnicode8: stack.append(.text(try text(byteCount: number(width: 8))))
        case .binBytes: stack.append(try bytes(byteCount: number(width: 4)))
        case .shortBinBytes: stack.append(try bytes(byteCount: number(width: 1)))
        case .binBytes8, .byteArray8: stack.append(try bytes(byteCount: number(width: 8)))
        case .binPut: memo[try number(width: 1)] = try top()
        case .longBinPut: memo[try number(width: 4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try remembered(number(width: 1)))
        case .longBinGet: stack.append(try remembered(number(width: 4)))
        case .global: stack.append(.global(try global(named: "\(try line()).\(try line())")))
        case .stackGlobal: try stackGlobal()
        case .reduce: try reduce()
        case .newObject: try makeObject(operands: 2)
        case .newObjectWithNames: try makeObject(operands: 3)
        case .build: try build()
        case .binPersistentID: try loadStorage()
        default: try collect(opcode)
        }
    }

    /// Executes the instructions that create or fill tuples, lists, sets and dictionaries.
    private mutating func collect(_ opcode: PickleOpcode) throws(PickleProblem) {
        switch opcode {
        case .emptyTuple: stack.append(heap.add(tuple: []))
        case .tuple1: stack.append(heap.add(tuple: try pop(1)))
        case .tuple2: stack.append(heap.add(tuple: try pop(2)))
        case .tuple3: stack.append(heap.add(tuple: try pop(3)))
        case .tuple: stack.append(heap.add(tuple: try popToMark()))
        case .emptyList: stack.append(.list)
        case .list:
            _ = try popToMark()
            stack.append(.list)
        case .append: try fillList(pop(1))
        case .appends: try fillList(popToMark())
        case .emptySet: stack.append(.set)
        case .addItems:
            _ = try popToMark()
            guard case .set = try top() else { throw malformed("items are put into no set") }
        case .frozenSet:
            _ = try popToMark()
            stack.append(.set)
        case .emptyDictionary: stack.append(heap.addDictionary())
        case .dictionary:
            let items = try popToMark()
            stack.append(heap.addDictionary())
            try setItems(items)
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popToMark())
        default: break
        }
    }

    private func malformed(_ reason: String) -> PickleProblem {
        PickleProblem(kind: .malformed(reason), offset: start)
    }
}

// MARK: - Arguments of instructions

extension PickleMachine {
    private mutating func number(width: Int) throws(PickleProblem) -> Int {
        guard let number = input.count(at: position, width: width) else {
            throw malformed("the pickle is cut off")
        }
        position += width
        return number
    }

    private mutating func scalar(_ opcode: PickleOpcode) throws(PickleProblem) -> PickleValue {
        switch opcode {
        case .newTrue: return .boolean(true)
        case .newFalse: return .boolean(false)
        case .binInt: return .integer(Int(Int32(truncatingIfNeeded: try number(width: 4))))
        case .binInt1: return .integer(try number(width: 1))
        case .binInt2: return .integer(try number(width: 2))
        case .long1: return try longInteger(byteCount: number(width: 1))
        case .long4: return try longInteger(byteCount: number(width: 4))
        case .binFloat:
            try skip(8)
            return .number
        default: return .none
        }
    }

    /// Reads a two's-complement integer.
    private mutating func longInteger(byteCount width: Int) throws(PickleProblem) -> PickleValue {
        guard width > 0 else { return .integer(0) }
        guard width <= 8 else {
            try skip(width)
            return .number
        }
        guard let bits = input.number(at: position, width: width) else {
            throw malformed("the pickle is cut off")
        }
        position += width
        let unused = 64 - 8 * width
        return .integer(Int(Int64(bitPattern: bits << unused) >> unused))
    }

    private mutating func skip(_ count: Int) throws(PickleProblem) {
        guard count <= input.bytes.count - position else {
            throw malformed("the pickle is cut off")
        }
        position += count
    }

    private mutating func bytes(byteCount: Int) throws(PickleProblem) -> PickleValue {
        try skip(byteCount)
        return .bytes
    }

    private mutating func text(byteCount: Int) throws(PickleProblem) -> String {
        let first = position
        try skip(byteCount)
        let bytes = input.bytes[first..<(first + byteCount)]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        heap.count(textOf: byteCount)
        return text
    }

    private func global(named name: String) throws(PickleProblem) -> PickleGlobal {
        guard let global = PickleGlobal(name) else {
            throw PickleProblem(kind: .global(name), offset: start)
        }
        return global
    }

    private mutating func stackGlobal() throws(PickleProblem) {
        let names = try pop(2)
        guard case .text(let module)? = names.first, case .text(let name)? = names.last,
            module.utf8.count + name.utf8.count <= 512
        else { throw malformed("a name is not made of two texts") }
        stack.append(.global(try global(named: "\(module).\(name)")))
    }

    private mutating func line() throws(PickleProblem) -> String {
        let longest = 256
        let rest = input.bytes[position...].prefix(longest)
        guard let end = rest.firstIndex(of: 0x0A) else { throw malformed("a name has no end") }
        let line = try text(byteCount: end - position)
        position += 1
        return line
    }
}

// MARK: - The stack

extension PickleMachine {
    /// Returns the top of the stack, which must lie above the last mark.
    private func top() throws(PickleProblem) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw malformed("the stack is empty")
        }
        return value
    }

    private mutating func pop() throws(PickleProblem) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(PickleProblem) -> ArraySlice<PickleValue> {
        guard stack.count - count >= marks.last ?? 0 else {
            throw malformed("the stack is empty")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))[...]
    }

    private mutating func popToMark() throws(PickleProblem) -> ArraySlice<PickleValue> {
        guard let mark = marks.popLast() else { throw malformed("there is no mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])[...]
    }

    private func remembered(_ number: Int) throws(PickleProblem) -> PickleValue {
        guard let value = memo[number] else {
            throw malformed("nothing is remembered under \(number)")
        }
        return value
    }

    private mutating func fillList(_ items: ArraySlice<PickleValue>) throws(PickleProblem) {
        switch try top() {
        case .list, .object: break
        default: throw malformed("items are put into no list")
        }
    }

    private mutating func setItems(_ items: ArraySlice<PickleValue>) throws(PickleProblem) {
        guard items.count.isMultiple(of: 2) else {
            throw malformed("pairs are not put into a dictionary")
        }
        switch try top() {
        case .object: break
        case .dictionary(let dictionary):
            for index in stride(from: items.startIndex, to: items.endIndex, by: 2) {
                // A value under a non-text key cannot be a named tensor.
                if case .text(let key) = items[index] {
                    heap.put(key, items[index + 1], into: dictionary)
                }
            }
        default: throw malformed("pairs are not put into a dictionary")
        }
    }

    private mutating func popTuple(
        _ purpose: String
    ) throws(PickleProblem) -> ArraySlice<PickleValue> {
        guard case .tuple(let tuple) = try pop() else {
            throw malformed("\(purpose) is not a tuple")
        }
        return heap.tuple(tuple)
    }
}

// MARK: - Objects, storages, tensors

extension PickleMachine {
    private mutating func reduce() throws(PickleProblem) {
        let arguments = try popTuple("what something is called with")
        guard case .global(let global) = try pop() else {
            throw malformed("something is called that is not a function")
        }
        switch global {
        case .orderedDictionary:
            guard arguments.isEmpty else {
                throw malformed("an OrderedDict is made with arguments")
            }
            stack.append(heap.addDictionary())
        case .defaultDictionary: stack.append(heap.addDictionary())
        case .rebuildTensor: stack.append(try tensor(arguments, type: nil))
        case .rebuildTypedTensor: stack.append(try typedTensor(arguments))
        case .rebuildParameter:
            guard (3...4).contains(arguments.count), let tensor = arguments.first,
                tensor.isTensor
            else { throw malformed("a parameter is not made of a tensor") }
            stack.append(tensor)
        case .harmless: stack.append(.object)
        case .storage, .untypedStorage, .foreignStorage:
            throw malformed("a storage is made of something else than an entry")
        case .numberFormat: throw malformed("something is called that is not a function")
        }
    }

    private mutating func makeObject(operands: Int) throws(PickleProblem) {
        guard case .global(.harmless)? = try pop(operands).first else {
            throw malformed("an object is made of something that is not a class")
        }
        stack.append(.object)
    }

    /// Ignores attributes, such as the module versions in `_metadata`.
    private mutating func build() throws(PickleProblem) {
        let state = try pop()
        switch (state, try top()) {
        case (.dictionary, .dictionary), (_, .object): break
        default: throw malformed("attributes are given to something else than a dictionary")
        }
    }

    /// Reads a storage from the tuple (`"storage"`, class, entry, device, number of elements).
    private mutating func loadStorage() throws(PickleProblem) {
        let tuple = try popTuple("the description of a storage")
        let id = tuple.count == 5 ? Array(tuple) : []
        guard !id.isEmpty, id[0] == .text("storage"), case .global(let storage) = id[1],
            case .text(let key) = id[2], case .text = id[3], case .integer(let count) = id[4],
            count >= 0
        else { throw malformed("the description of a storage is not one") }
        switch storage {
        case .storage(let type):
            stack.append(heap.add(.init(elementType: type, key: key, elementCount: count)))
        case .untypedStorage:
            stack.append(heap.add(.init(elementType: nil, key: key, elementCount: count)))
        case .foreignStorage: stack.append(.foreignStorage)
        default: throw malformed("the description of a storage is not one")
        }
    }

    /// Reads a tensor from storage, offset, shape, strides, requires-grad flag, hooks, element type
    /// and, in newer files, metadata.
    private mutating func typedTensor(
        _ arguments: ArraySlice<PickleValue>
    ) throws(PickleProblem) -> PickleValue {
        guard (7...8).contains(arguments.count) else { throw noTensor }
        switch arguments[arguments.startIndex + 6] {
        case .global(.numberFormat(let type)): return try tensor(arguments.prefix(6), type: type)
        case .global(.harmless): return .foreignTensor
        default: throw noTensor
        }
    }

    /// Reads a tensor from storage, offset, shape, strides, requires-grad flag, hooks and, in newer
    /// files, metadata.
    private mutating func tensor(
        _ arguments: ArraySlice<PickleValue>, type: SafetensorsElementType?
    ) throws(PickleProblem) -> PickleValue {
        guard (6...7).contains(arguments.count) else { throw noTensor }
        let parts = Array(arguments.prefix(4))
        guard case .integer(let offset) = parts[1], let shape = integers(parts[2]),
            let strides = integers(parts[3])
        else { throw noTensor }
        switch parts[0] {
        case .foreignStorage: return .foreignTensor
        case .storage(let number):
            let storage = heap.storages[number]
            guard let format = storage.elementType ?? type else { throw noTensor }
            // An untyped storage counts bytes.
            let width = storage.elementType == nil ? format.byteCount : 1
            guard storage.elementCount.isMultiple(of: width) else { throw noTensor }
            return heap.add(
                .init(
                    elementType: format, key: storage.key,
                    elementCount: storage.elementCount / width, offset: offset, shape: shape,
                    strides: strides))
        default: throw noTensor
        }
    }

    private var noTensor: PickleProblem {
        malformed("a tensor is not made of a storage, an offset, sizes and strides")
    }

    /// Returns the numbers of a tuple; nil if there are more than a tensor can have axes, because a
    /// tuple can be reused any number of times.
    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let number) = value,
            heap.tuple(number).count <= PickleHeap.Tensor.mostAxes
        else { return nil }
        var result: [Int] = []
        for element in heap.tuple(number) {
            guard case .integer(let integer) = element else { return nil }
            result.append(integer)
        }
        return result
    }
}

extension PickleValue {
    /// True for a tensor of any element type.
    fileprivate var isTensor: Bool {
        switch self {
        case .tensor, .foreignTensor: true
        default: false
        }
    }
}
