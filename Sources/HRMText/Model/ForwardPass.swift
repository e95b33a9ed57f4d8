import HRMTensor

/// New tokens of one row of a batch within a forward pass.
struct ForwardSegment: Sendable {
    /// The rows of the activations.
    var rows: Range<Int>
    /// The row of the cache.
    var cacheRow: Int
    /// The number of tokens that are already in the cache.
    var start: Int
    /// The position of each token.
    var positions: [Int]
    /// The keys that each token sees.
    var visibility: ContextVisibility
}

/// A place in a forward pass at which its activations can be read.
package enum ForwardMoment: Sendable, Hashable {
    /// The slow state is the scaled embedding.
    case embedded
    /// The attention of a block is complete, its result not yet added.
    case attended(slot: Int)
    /// A block is complete: its result is the residual sum.
    case block(slot: Int)
    /// A stack pass is complete, counted from 0; the slow state has changed, or the fast one.
    case pass(Int, isHigh: Bool)
}

/// The forward pass over some tokens: all stack passes with their blocks.
struct ForwardPass {
    let model: TextModel
    let pool: WorkerPool
    let rotary: RotaryEmbedding
    let cache: KeyValueCache
    let memory: ForwardMemory
    let segments: [ForwardSegment]
    /// Receives the activations at each moment.
    var observer: ((ForwardMoment, ForwardMemory) -> Void)?

    private var configuration: TextConfiguration { model.configuration }
    private var rowCount: Int { memory.residual.rows }
    /// Multiples that suit the products' shares.
    private static let productStep = 64

    /// Runs all passes; the result is the slow state.
    ///
    /// - Parameter ids: The tokens of all segments, in the order of the activations' rows.
    func run(_ ids: [Int32]) {
        let weights = model.weights
        let memory = memory
        let scale = configuration.embeddingScale
        pool.share(rowCount) { range, _ in
            for row in range {
                weights.embedding.read(
                    row: Int(ids[row]), scale: scale, into: memory.high, row: row)
                memory.low.rows(row..<(row + 1)).assign(weights.initialLow)
            }
        }
        observer?(.embedded, memory)
        var pass = 0
        for _ in 0..<configuration.highCycles {
            for _ in 0..<configuration.lowCycles {
                runStack(weights.low, pass: pass, state: memory.low, injection: memory.high)
                observer?(.pass(pass, isHigh: false), memory)
                pass += 1
            }
            runStack(weights.high, pass: pass, state: memory.high, injection: memory.low)
            observer?(.pass(pass, isHigh: true), memory)
            pass += 1
        }
    }

    /// Computes `state ← norm(blocks(state + injection))`.
    private func runStack(
        _ blocks: [TextBlockWeights], pass: Int, state: Matrix, injection: Matrix
    ) {
        let residual = memory.residual
        let epsilon = configuration.normEpsilon
        shareRows { range, _ in
            Sum.of(state.rows(range), injection.rows(range), into: residual.rows(range))
        }
        for (index, block) in blocks.enumerated() {
            let slot = pass * blocks.count + index
            attend(block, slot: slot)
            transform(block)
            observer?(.block(slot: slot), memory)
        }
        shareRows { range, _ in
            RowOperations.norm(residual.rows(range), epsilon: epsilon, into: state.rows(range))
        }
    }

    /// Runs `body` on shares of the rows; few rows are not worth the other workers' start.
    private func shareRows(_ body: @Sendable (Range<Int>, Scratch?) -> Void) {
        guard !memory.isFew else { return body(0..<rowCount, nil) }
        pool.share(rowCount) { body($0, $1) }
    }

    /// Norms the residual sums and runs `body` on shares of `count` outputs with the result.
    private func normed(
        outputs count: Int, _ body: @Sendable (Matrix, Range<Int>, Scratch) -> Void
    ) {
        let memory = memory
        let epsilon = configuration.normEpsilon
        guard memory.isFew else {
            pool.share(rowCount) { range, _ in
                RowOperations.norm(
                    memory.residual.rows(range), epsilon: epsilon,
                    into: memory.normed[0].rows(range))
            }
            pool.share(count, inStepsOf: Self.productStep) { body(memory.normed[0], $0, $1) }
            return
        }
        // Each worker norms the few rows for itself, which saves a meeting of all.
        let shares = Workers(count: pool.count)
        pool.run { worker, scratch in
            let share = shares.share(of: (count + 3) / 4, worker: worker)
            let range = (share.lowerBound * 4)..<min(share.upperBound * 4, count)
            guard !range.isEmpty else { return }
            RowOperations.norm(memory.residual, epsilon: epsilon, into: memory.normed[worker])
            body(memory.normed[worker], range, scratch)
        }
    }

    /// Adds the gated attention of a block to the residual sums.
    private func attend(_ block: TextBlockWeights, slot: Int) {
        let memory = memory
        let (heads, size) = (configuration.headCount, configuration.headSize)
        let width = heads * size
        let (segments, cache, rotary) = (segments, cache, rotary)
        normed(outputs: 4 * width) { input, range, scratch in
            block.attention.multiply(
                input, outputs: range, into: memory.projections, scratch: scratch)
            if let bias = block.attentionBias {
                RowOperations.add(bias.columns(range), to: memory.projections.columns(range))
            }
        }
        pool.share(segments.count * heads) { range, scratch in
            for item in range {
                let (segment, head) = (segments[item / heads], item % heads)
                let end = segment.start + segment.rows.count
                let projections = memory.projections.rows(segment.rows)
                func part(_ kind: Int) -> Matrix {
                    projections.columns(
                        (kind * width + head * size)..<(kind * width + (head + 1) * size))
                }
                let columns = (head * size)..<((head + 1) * size)
                let queries = memory.queries.rows(segment.rows).columns(columns)
                let output = memory.attention.rows(segment.rows).columns(columns)
                let new = cache.tokens(
                    segment.start..<end, row: segment.cacheRow, head: head, slot: slot)
                RowOperations.rotate(
                    part(1), rotary: rotary, positions: segment.positions[...], into: queries)
                RowOperations.rotate(
                    part(2), rotary: rotary, positions: segment.positions[...], into: new.keys)
                new.values.assign(part(3))
                let all = cache.tokens(0..<end, row: segment.cacheRow, head: head, slot: slot)
                ContextAttention.forward(
                    queries: queries, keys: all.keys, values: all.values,
                    visibility: segment.visibility, into: output, scratch: scratch)
                RowOperations.applySigmoid(part(0), to: output)
            }
        }
        observer?(.attended(slot: slot), memory)
        project(
            memory.attention, block.attentionOutput, bias: block.attentionOutputBias)
    }

    /// Adds the SwiGLU of a block to the residual sums.
    private func transform(_ block: TextBlockWeights) {
        let memory = memory
        let size = configuration.innerSize
        normed(outputs: size) { input, range, scratch in
            guard let gateUp = memory.gateUp else {
                block.gateUp.multiplySwiGLU(
                    input, columns: range, into: memory.inner, scratch: scratch)
                return
            }
            let ups = (size + range.lowerBound)..<(size + range.upperBound)
            for part in [range, ups] {
                block.gateUp.multiply(input, outputs: part, into: gateUp, scratch: scratch)
                if let bias = block.gateUpBias {
                    RowOperations.add(bias.columns(part), to: gateUp.columns(part))
                }
            }
            RowOperations.swiglu(
                gate: gateUp.columns(range), up: gateUp.columns(ups),
                into: memory.inner.columns(range))
        }
        project(memory.inner, block.down, bias: block.downBias)
    }

    /// Adds `x · Wᵀ + bias` to the residual sums.
    private func project(_ x: Matrix, _ weight: StoredWeight, bias: Matrix?) {
        let residual = memory.residual
        pool.share(weight.outputs, inStepsOf: memory.isFew ? 4 : Self.productStep) {
            range, scratch in
            weight.multiply(x, outputs: range, adds: true, into: residual, scratch: scratch)
            if let bias { RowOperations.add(bias.columns(range), to: residual.columns(range)) }
        }
    }
}
