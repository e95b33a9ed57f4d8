import HRMEngine
import HRMModel

/// A change of the states of a slot between two segments; slots are those of one process.
enum SlotOperation {
    /// Initial states, plus noise, if given.
    case begin(slot: Int, noise: StateNoise?)
    /// A permutation of the cells.
    case rearrange(slot: Int, sources: [Int])
    /// A copy within the process.
    case move(source: Int, target: Int)
    /// The states of a slot are sent to another process.
    case send(slot: Int, receiver: Int)
    /// The states of a slot come from another process.
    case receive(slot: Int, sender: Int)
}

extension MessageWriter {
    mutating func add(_ operations: [SlotOperation]) {
        add(operations.count)
        for operation in operations {
            switch operation {
            case .begin(let slot, let noise):
                add([0, slot])
                add(noise != nil)
                if let noise {
                    add(noise.high)
                    add(noise.low)
                }
            case .rearrange(let slot, let sources):
                add([1, slot])
                add(sources)
            case .move(let source, let target): add([2, source, target])
            case .send(let slot, let receiver): add([3, slot, receiver])
            case .receive(let slot, let sender): add([4, slot, sender])
            }
        }
    }
}

extension MessageReader {
    /// Reads operations on the slots of an engine.
    mutating func operations(of engine: CPUEngine, size: Int) throws(Problem) -> [SlotOperation] {
        var operations: [SlotOperation] = []
        let slots = 0..<engine.slotCount
        let states =
            engine.positionCount * engine.configuration.hiddenSize
        for _ in 0..<(try integer(in: 0...Int.max)) {
            let head = try integers()
            guard head.count >= 2, slots.contains(head[1]) else {
                throw Problem(reason: "an operation \(head) on \(slots.count) slots")
            }
            let (code, slot) = (head[0], head[1])
            let other = head.count > 2 ? head[2] : -1
            switch code {
            case 0:
                guard try flag() else {
                    operations.append(.begin(slot: slot, noise: nil))
                    continue
                }
                let noise = StateNoise(high: try floats(), low: try floats())
                guard noise.high.count == states, noise.low.count == states else {
                    throw Problem(reason: "noise of \(noise.high.count) values for \(states)")
                }
                operations.append(.begin(slot: slot, noise: noise))
            case 1:
                let sources = try integers()
                guard sources.sorted() == Array(0..<engine.dimensions.sequenceLength) else {
                    throw Problem(reason: "a rearrangement that is no permutation")
                }
                operations.append(.rearrange(slot: slot, sources: sources))
            case 2 where slots.contains(other):
                operations.append(.move(source: slot, target: other))
            case 3 where (0..<size).contains(other):
                operations.append(.send(slot: slot, receiver: other))
            case 4 where (0..<size).contains(other):
                operations.append(.receive(slot: slot, sender: other))
            default: throw Problem(reason: "an operation \(head)")
            }
        }
        return operations
    }
}
