internal import HRMEngine
internal import HRMModel
internal import HRMTensor

/// The states of one batch: on the devices between segments, on the host while slots are changed.
struct BatchStates {
    private let context: AcceleratorContext
    private let shape: ModelShape
    private let initial: [(name: String, values: Matrix?)]
    /// `z_H` and `z_L` of each replica; nil while they are on the host.
    private var devices: [[String: AcceleratorBuffer]]?
    /// `z_H` and `z_L` of all slots, `[B·T, D]`; nil while they are on the devices.
    private var host: [String: Matrix]?
    /// The slots that begin with the initial states in the next segment.
    private(set) var fresh: [Bool]

    /// Creates states of zeros.
    ///
    /// - Parameters:
    ///   - context: The devices.
    ///   - shape: The model and the batch of one device.
    ///   - initial: `H_init` and, unless the model has no fast state, `L_init`.
    init(_ context: AcceleratorContext, shape: ModelShape, initial: (high: Matrix, low: Matrix?)) {
        self.context = context
        self.shape = shape
        self.initial = [(TensorName.high, initial.high), (TensorName.low, initial.low)]
        let slots = shape.batch * context.deviceCount
        fresh = Array(repeating: false, count: slots)
        let rows = slots * shape.positions
        host = Dictionary(
            uniqueKeysWithValues: self.initial.map {
                (
                    $0.name,
                    Matrix(
                        rows: rows, columns: shape.configuration.hiddenSize,
                        precision: shape.precision == .bfloat16 ? .bfloat16 : .float32)
                )
            })
    }

    /// Begins a slot with the initial states.
    mutating func begin(_ slot: Int, noise: StateNoise?) throws(AcceleratorError) {
        if host == nil, noise == nil {
            fresh[slot] = true
            return
        }
        let states = try onHost()
        initialize(slot, in: states)
        guard let noise else { return }
        for (name, noise) in [(TensorName.high, noise.high), (TensorName.low, noise.low)] {
            guard let rows = states[name]?.rows(rows(of: slot)) else { continue }
            rows.assign(zip(rows.values, noise).map { $0 + $1 })
        }
    }

    private func initialize(_ slot: Int, in states: [String: Matrix]) {
        for (name, values) in initial {
            guard let state = states[name] else { continue }
            for row in rows(of: slot) {
                let target = state.rows(row..<(row + 1))
                if let values { target.assign(values) } else { target.clear() }
            }
        }
    }

    private func rows(of slot: Int) -> Range<Int> {
        (slot * shape.positions)..<((slot + 1) * shape.positions)
    }

    /// Copies the states of a slot to another one.
    mutating func move(from source: Int, to target: Int) throws(AcceleratorError) {
        for state in try onHost().values {
            state.rows(rows(of: target)).assign(state.rows(rows(of: source)))
        }
    }

    /// Permutes the cells of a slot.
    mutating func rearrange(_ slot: Int, sources: [Int]) throws(AcceleratorError) {
        for state in try onHost().values {
            let cells = state.rows(rows(of: slot)).rows(
                shape.configuration.prefixLength..<shape.positions)
            let old = Matrix(
                rows: cells.rows, columns: cells.columns, precision: cells.precision)
            old.assign(cells)
            for (cell, source) in sources.enumerated() {
                cells.rows(cell..<(cell + 1)).assign(old.rows(source..<(source + 1)))
            }
        }
    }

    /// Moves the states to the host, to be changed there.
    mutating func onHost() throws(AcceleratorError) -> [String: Matrix] {
        if let host { return host }
        var result: [String: Matrix] = [:]
        for (name, _) in initial {
            let whole = Matrix(
                rows: fresh.count * shape.positions, columns: shape.configuration.hiddenSize,
                precision: shape.precision == .bfloat16 ? .bfloat16 : .float32)
            let share = shape.batch * shape.positions
            for (replica, buffers) in (devices ?? []).enumerated() {
                guard let buffer = buffers[name] else { continue }
                whole.rows((replica * share)..<((replica + 1) * share)).assign(
                    try context.download(buffer, rows: share))
            }
            result[name] = whole
        }
        for slot in fresh.indices where fresh[slot] {
            initialize(slot, in: result)
            fresh[slot] = false
        }
        (host, devices) = (result, nil)
        return result
    }

    /// Moves the states to the devices, for a segment that consumes them.
    mutating func onDevices() throws(AcceleratorError) -> [[String: AcceleratorBuffer]] {
        if let devices { return devices }
        let share = shape.batch * shape.positions
        var result: [[String: AcceleratorBuffer]] = []
        for replica in 0..<context.deviceCount {
            var buffers: [String: AcceleratorBuffer] = [:]
            for (name, state) in host ?? [:] {
                buffers[name] = try context.upload(
                    state.rows((replica * share)..<((replica + 1) * share)), as: shape.stateType,
                    device: replica)
            }
            result.append(buffers)
        }
        (devices, host) = (result, nil)
        return result
    }

    /// Takes the states that a segment computed.
    mutating func take(_ results: [[String: AcceleratorBuffer]]) {
        devices = results.map { result in
            result.filter { $0.key == TensorName.high || $0.key == TensorName.low }
        }
        host = nil
        for slot in fresh.indices { fresh[slot] = false }
    }
}
