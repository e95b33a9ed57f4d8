import Foundation
import HRMTensor

/// One forward and backward pass over some sequences.
final class TrainingPass {
    /// The parameters that a gradient reaches.
    struct Reached {
        var embedding: Bool
        var low = false
        var high = false
    }

    private let configuration: TextConfiguration
    private let packed: PackedTextWeights
    private let gradients: TextParameters
    private let pool: WorkerPool
    private let plan: GradientPlan
    private let ids: [Int32]
    private let low: StackTraining
    private let high: StackTraining
    /// The slow and the fast state, `[R, C]`.
    private let states: (high: Matrix, low: Matrix)
    private let residual: Matrix
    /// The tapes of passes with gradient, by pass.
    private var tapes: [StackTape?]
    /// The gradient of the last slow state, `[R, C]`.
    private let gradient: Matrix

    init(
        configuration: TextConfiguration, rows: [TextRow], packed: PackedTextWeights,
        gradients: TextParameters, pool: WorkerPool, plan: GradientPlan
    ) {
        precondition(
            plan.passes.count == configuration.passCount,
            "a plan of \(plan.passes.count) passes, \(configuration.passCount) are run")
        self.configuration = configuration
        self.packed = packed
        self.gradients = gradients
        self.pool = pool
        self.plan = plan
        ids = rows.flatMap(\.ids)
        var segments: [TrainingSegment] = []
        var start = 0
        var last = 0
        for row in rows {
            let positions = row.positions?.map { Int($0) } ?? Array(0..<row.ids.count)
            last = max(last, positions.max() ?? 0)
            segments.append(
                TrainingSegment(
                    rows: start..<(start + row.ids.count), positions: positions,
                    visibility: row.visibility(
                        hasPrefixAttention: configuration.hasPrefixAttention)))
            start += row.ids.count
        }
        let rotary = configuration.rotary(positions: last + 1)
        func stack(_ weights: [PackedBlock], _ sums: [TextParameters.Block]) -> StackTraining {
            StackTraining(
                configuration: configuration, pool: pool, rotary: rotary, segments: segments,
                weights: weights, gradients: sums)
        }
        low = stack(packed.low, gradients.low)
        high = stack(packed.high, gradients.high)
        func matrix() -> Matrix {
            .activations(rows: start, columns: configuration.hiddenSize, precision: .float32)
        }
        states = (matrix(), matrix())
        residual = matrix()
        gradient = matrix()
        tapes = [StackTape?](repeating: nil, count: plan.passes.count)
    }

    /// True for the passes of the slow module.
    private func isHigh(_ pass: Int) -> Bool {
        pass % (configuration.lowCycles + 1) == configuration.lowCycles
    }

    /// Runs all passes.
    func forward(parameters: TextParameters, initialLow: Matrix) {
        for (row, id) in ids.enumerated() {
            Embedding.write(
                (parameters.embedding, Int(id)), plus: nil, scale: configuration.embeddingScale,
                to: states.high, row: row)
            states.low.rows(row..<(row + 1)).assign(initialLow)
        }
        var spare: StackTape?
        for pass in plan.passes.indices {
            let tape: StackTape
            if plan.passes[pass] {
                tape = StackTape(configuration, rows: ids.count)
                tapes[pass] = tape
            } else {
                // Passes without gradient overwrite each other's values.
                tape = spare ?? StackTape(configuration, rows: ids.count)
                spare = tape
            }
            Sum.of(states.high, states.low, into: residual)
            (isHigh(pass) ? high : low).forward(residual, tape: tape)
            (isHigh(pass) ? states.high : states.low).assign(tape.result.normed)
        }
    }

    /// Computes the loss, its gradient at the last slow state and that of the head.
    func loss(rows: [TextRow], targets: [[Int32]]) -> TextLoss {
        let flat = targets.flatMap { $0 }
        let counted = flat.indices.filter { flat[$0] >= 0 }
        var isRight = [Bool](repeating: true, count: flat.count)
        var sum = 0.0
        let block = 256
        for start in stride(from: 0, to: counted.count, by: block) {
            let part = Array(counted[start..<min(start + block, counted.count)])
            sum += lossOfRows(part, flat, counted.count, &isRight)
        }
        var result = TextLoss(
            meanLoss: counted.isEmpty ? 0 : sum / Double(counted.count),
            tokenCount: counted.count, rightTokenCount: counted.count { isRight[$0] },
            sampleCount: 0, rightSampleCount: 0)
        var first = 0
        for row in rows {
            for sample in row.samples {
                let places = sample.map { first + $0 }.filter { flat[$0] >= 0 }
                guard !places.isEmpty else { continue }
                result.sampleCount += 1
                if places.allSatisfy({ isRight[$0] }) { result.rightSampleCount += 1 }
            }
            first += row.ids.count
        }
        return result
    }

    /// Computes the summed loss of some rows, and adds their gradients.
    private func lossOfRows(
        _ rows: [Int], _ targets: [Int32], _ total: Int, _ isRight: inout [Bool]
    ) -> Double {
        let count = rows.count
        let hidden = Matrix(rows: count, columns: configuration.hiddenSize)
        for (index, row) in rows.enumerated() {
            hidden.rows(index..<(index + 1)).assign(states.high.rows(row..<(row + 1)))
        }
        let logits = Matrix(rows: count, columns: configuration.vocabularySize)
        let inner = Matrix(rows: count, columns: configuration.hiddenSize)
        let losses = Matrix(rows: count, columns: 2)
        let packed = packed
        pool.share(count, inStepsOf: 6) { range, scratch in
            let part = logits.rows(range)
            Linear.forward(hidden.rows(range), packed.head, into: part, scratch: scratch)
            for row in range {
                let (loss, best) = CrossEntropy.differentiate(
                    logits.rows(row..<(row + 1)), target: Int(targets[rows[row]]),
                    share: 1 / Float(total))
                losses[row, 0] = loss
                losses[row, 1] = best ? 1 : 0
            }
            Linear.forward(part, packed.headBack, into: inner.rows(range), scratch: scratch)
        }
        let sums = gradients.head ?? gradients.embedding
        pool.share(sums.rows, inStepsOf: 6) { range, scratch in
            Linear.accumulateWeightGradient(
                logits.columns(range), hidden, into: sums.rows(range), scratch: scratch)
        }
        for (index, row) in rows.enumerated() {
            gradient.rows(row..<(row + 1)).assign(inner.rows(index..<(index + 1)))
            isRight[row] = losses[index, 1] == 1
        }
        return (0..<count).reduce(0) { $0 + Double(losses[$1, 0]) }
    }

    /// Runs the passes backward.
    ///
    /// - Parameter frozenToken: The token whose row of the embedding has no gradient.
    /// - Returns: The parameters that a gradient has reached.
    func backward(frozenToken: Int32?) -> Reached {
        let memory = BackwardMemory(configuration, rows: ids.count)
        let other = Matrix.activations(
            rows: ids.count, columns: configuration.hiddenSize, precision: .float32)
        // Gradients of the slow and the fast state, and whether they are connected to the loss.
        let flow = (high: gradient, low: other)
        var isConnected = (high: true, low: false)
        var reached = Reached(embedding: false)
        for pass in plan.passes.indices.reversed() {
            let isHigh = isHigh(pass)
            let isUsed = isHigh ? isConnected.high : isConnected.low
            guard let tape = tapes[pass] else {
                // The state that the pass makes is a constant.
                (isHigh ? flow.high : flow.low).clear()
                if isHigh { isConnected.high = false } else { isConnected.low = false }
                continue
            }
            guard isUsed else { continue }
            if isHigh { reached.high = true } else { reached.low = true }
            let own = isHigh ? flow.high : flow.low
            (isHigh ? high : low).backward(own, tape: tape, memory: memory)
            // Both states entered as a sum; the state itself was replaced.
            let rest = isHigh ? flow.low : flow.high
            Sum.of(rest, own, into: rest)
            isConnected = (true, true)
            tapes[pass] = nil
        }
        reached.embedding = isConnected.high
        guard isConnected.high else { return reached }
        for (row, id) in ids.enumerated() where id != frozenToken {
            Embedding.accumulate(
                flow.high, row: row, scale: configuration.embeddingScale,
                into: gradients.embedding, tableRow: Int(id))
        }
        return reached
    }
}
