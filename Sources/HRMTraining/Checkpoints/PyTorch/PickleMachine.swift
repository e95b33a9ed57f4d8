/// What is wrong with a pickle, and at which byte of it.
struct PickleProblem: Error, Equatable {
    enum Kind: Equatable {
        /// An instruction that is not on the list.
        case opcode(UInt8)
        /// A name that is not on the list.
        case global(String)
        /// Anything else.
        case malformed(String)
    }

    var kind: Kind
    var offset: Int
}

/// Reads the pickle of a file of named tensors without executing anything.
///
/// A pickle is a program for a machine with a stack. This machine knows only the instructions of
/// ``PickleOpcode`` and the names of ``PickleGlobal``, and what it makes are plain values: at most
/// one for each instruction, so memory and time are bounded by the pickle's length.
struct PickleMachine {
    private let input: LittleEndianBytes
    private var position = 0
    /// Where the current instruction stands.
    private var start = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var heap = PickleHeap()

    private init(_ bytes: some Sequence<UInt8>) {
        input = LittleEndianBytes(bytes)
    }

    /// Runs a pickle.
    ///
    /// - Parameter bytes: The whole pickle.
    /// - Returns: What it leaves, and the memory that this refers to.
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
        }
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(PickleProblem) {
        switch opcode {
        case .proto:
            let version = try number(width: 1)
            guard version == 2 else {
                throw malformed("the pickle has protocol \(version), torch.save writes 2")
            }
        case .stop: break
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(width: 4)))))
        case .binInt1: stack.append(.integer(try number(width: 1)))
        case .binInt2: stack.append(.integer(try number(width: 2)))
        case .long1: stack.append(.integer(try longInteger()))
        case .binUnicode: stack.append(.text(try text(byteCount: number(width: 4))))
        case .emptyTuple: pushTuple([])
        case .tuple1: pushTuple(try pop(1))
        case .tuple2: pushTuple(try pop(2))
        case .tuple3: pushTuple(try pop(3))
        case .tuple: pushTuple(try popToMark())
        case .emptyDictionary: pushDictionary()
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popToMark())
        case .binPut: memo[try number(width: 1)] = try top()
        case .longBinPut: memo[try number(width: 4)] = try top()
        case .binGet: stack.append(try remembered(number(width: 1)))
        case .longBinGet: stack.append(try remembered(number(width: 4)))
        case .global: stack.append(.global(try global()))
        case .reduce: try reduce()
        case .build: try build()
        case .binPersistentID: try loadStorage()
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

    /// An integer in two's complement with its length in front.
    private mutating func longInteger() throws(PickleProblem) -> Int {
        let width = try number(width: 1)
        guard width <= 8 else { throw malformed("an integer has \(width) bytes, at most 8 fit") }
        guard width > 0 else { return 0 }
        guard let bits = input.number(at: position, width: width) else {
            throw malformed("the pickle is cut off")
        }
        position += width
        let unused = 64 - 8 * width
        return Int(Int64(bitPattern: bits << unused) >> unused)
    }

    private mutating func text(byteCount: Int) throws(PickleProblem) -> String {
        guard byteCount <= input.bytes.count - position else {
            throw malformed("the pickle is cut off")
        }
        let bytes = input.bytes[position..<(position + byteCount)]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        position += byteCount
        return text
    }

    private mutating func global() throws(PickleProblem) -> PickleGlobal {
        let name = "\(try line()).\(try line())"
        guard let global = PickleGlobal(name) else {
            throw PickleProblem(kind: .global(name), offset: start)
        }
        return global
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
    /// The top of the stack, which must lie above the last mark.
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

    private mutating func pop(_ count: Int) throws(PickleProblem) -> [PickleValue] {
        guard stack.count - count >= marks.last ?? 0 else {
            throw malformed("the stack is empty")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(PickleProblem) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw malformed("there is no mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func remembered(_ number: Int) throws(PickleProblem) -> PickleValue {
        guard let value = memo[number] else {
            throw malformed("nothing is remembered under \(number)")
        }
        return value
    }

    private mutating func pushTuple(_ elements: [PickleValue]) {
        stack.append(.tuple(heap.tuples.count))
        heap.tuples.append(elements)
    }

    private mutating func pushDictionary() {
        stack.append(.dictionary(heap.dictionaries.count))
        heap.dictionaries.append([])
    }

    private mutating func setItems(_ items: [PickleValue]) throws(PickleProblem) {
        guard case .dictionary(let dictionary) = try top(), items.count.isMultiple(of: 2) else {
            throw malformed("pairs are not put into a dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case .text(let key) = items[index] else {
                throw malformed("a key is \(items[index].kind), not a text")
            }
            heap.dictionaries[dictionary].append((key, items[index + 1]))
        }
    }

    private mutating func popTuple(_ purpose: String) throws(PickleProblem) -> [PickleValue] {
        guard case .tuple(let tuple) = try pop() else {
            throw malformed("\(purpose) is not a tuple")
        }
        return heap.tuples[tuple]
    }
}

// MARK: - Dictionaries, storages, tensors

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
            pushDictionary()
        case .rebuildTensor:
            stack.append(.tensor(heap.tensors.count))
            heap.tensors.append(try tensor(arguments))
        case .rebuildParameter:
            guard arguments.count == 3, case .tensor = arguments[0] else {
                throw malformed("a parameter is not made of a tensor")
            }
            stack.append(arguments[0])
        case .storage: throw malformed("a storage is made of something else than an entry")
        }
    }

    /// Attributes, such as the versions of modules in `_metadata`, mean nothing here.
    private mutating func build() throws(PickleProblem) {
        guard case .dictionary = try pop(), case .dictionary = try top() else {
            throw malformed("attributes are given to something else than a dictionary")
        }
    }

    /// The tuple is (`"storage"`, class, entry, device, number of elements).
    private mutating func loadStorage() throws(PickleProblem) {
        let id = try popTuple("the description of a storage")
        guard id.count == 5, id[0] == .text("storage"),
            case .global(.storage(let type)) = id[1],
            case .text(let key) = id[2], case .text = id[3],
            case .integer(let count) = id[4], count >= 0
        else { throw malformed("the description of a storage is not one") }
        stack.append(.storage(heap.storages.count))
        heap.storages.append(.init(elementType: type, key: key, elementCount: count))
    }

    /// The arguments are storage, offset, shape, strides, whether a gradient is wanted, hooks and,
    /// in newer files, metadata.
    private func tensor(_ arguments: [PickleValue]) throws(PickleProblem) -> PickleHeap.Tensor {
        guard (6...7).contains(arguments.count),
            case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1],
            let shape = integers(arguments[2]), let strides = integers(arguments[3])
        else { throw malformed("a tensor is not made of a storage, an offset, sizes and strides") }
        return .init(
            storage: heap.storages[storage], offset: offset, shape: shape, strides: strides)
    }

    /// The numbers of a tuple; nil also for more than a tensor has axes, because a tuple can be used
    /// again and again.
    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let tuple) = value,
            heap.tuples[tuple].count <= PickleHeap.Tensor.mostAxes
        else { return nil }
        var result: [Int] = []
        for element in heap.tuples[tuple] {
            guard case .integer(let integer) = element else { return nil }
            result.append(integer)
        }
        return result
    }
}
