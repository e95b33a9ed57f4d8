public import HRMModel
public import HRMTensor

/// An optimizer for matrices: momentum whose singular values are made equal before each step
/// ([Jordan, 2024](https://kellerjordan.github.io/posts/muon/)).
///
/// With `g` the gradient of a matrix of `r` rows and `c` columns:
/// ```
/// m ← μ·m + (1−μ)·g;  u ← μ·m + (1−μ)·g
/// W ← (1 − lr·wd)·W − lr·√max(1, r/c)·NewtonSchulz(u)
/// ```
/// `u` looks one step ahead (Nesterov). The factor makes `lr` the share of its spectral norm by which
/// a weight moves, since the norm of a fresh `r × c` weight grows as `1 + √(r/c)`: so one rate fits
/// all matrices of a model, and models of every width. The other factor in use, `0.2·√max(r, c)`,
/// makes steps as large as Adam's, and with it the best rate depends on the width.
///
/// It has the matrices of the blocks. Queries, keys and values lie in one tensor, and so do gate and
/// up, for no other reason than that one product is faster than three. They are orthogonalised each for
/// itself: in one piece, the part with the largest gradient would decide for the others, and a step
/// would be orthogonal only as a whole. Embeddings and heads look rows up, or have few; biases are no
/// matrices: they are left to ``AdamATan2``, whose first moment's place `m` takes for the matrices.
public struct Muon: Sendable {
    /// Momentum, decay and iterations.
    public var settings: MuonSettings
    /// Elements of the flat array that it does not update, padding left out.
    public let others: [Range<Int>]
    private let crew: [Worker]

    /// One matrix in the flat array.
    private struct Part {
        let offset: Int
        let rows: Int
        let columns: Int

        /// Multiplications of an iteration.
        var cost: Int {
            let (short, long) = (min(rows, columns), max(rows, columns))
            return short * short * (2 * long + short)
        }

        func matrix(in flat: Matrix) -> Matrix {
            flat.reshaped(from: offset, rows: rows, columns: columns)
        }
    }

    /// What one worker does, and its memory.
    private struct Worker {
        var parts: [Part] = []
        var memory: [NewtonSchulz] = []
        let scratch = Scratch()

        var cost: Int { parts.reduce(0) { $0 + $1.cost } }

        mutating func take(_ part: Part) {
            parts.append(part)
            guard !memory.contains(where: { $0.rows == part.rows && $0.columns == part.columns })
            else { return }
            memory.append(NewtonSchulz(rows: part.rows, columns: part.columns))
        }
    }

    /// An optimizer of a model's matrices.
    ///
    /// Whole matrices are given out, the costliest first, each to the worker who has least to do:
    /// what becomes of a matrix does not depend on who does it.
    ///
    /// - Parameters:
    ///   - layout: Where the matrices are.
    ///   - settings: Momentum, decay and iterations.
    ///   - workers: Threads.
    public init(layout: ParameterLayout, settings: MuonSettings, workers: Workers) {
        self.settings = settings
        others = layout.entries.filter { $0.stackedMatrices == 0 }
            .map { $0.offset..<($0.offset + $0.count) }
        let parts = layout.entries.flatMap { entry in
            (0..<entry.stackedMatrices).map { index in
                let rows = entry.shape[0] / entry.stackedMatrices
                return Part(
                    offset: entry.offset + index * rows * entry.shape[1], rows: rows,
                    columns: entry.shape[1])
            }
        }
        var crew = (0..<workers.count).map { _ in Worker() }
        let order = parts.sorted { ($1.cost, $0.offset) < ($0.cost, $1.offset) }
        for part in order {
            let idlest = crew.indices.min { crew[$0].cost < crew[$1].cost } ?? 0
            crew[idlest].take(part)
        }
        self.crew = crew
    }

    /// One update of every matrix.
    ///
    /// - Parameters:
    ///   - parameters: `[1, layout.flatCount]`, float32.
    ///   - momentum: `m`, as many.
    ///   - gradients: Their sum, in this order, is the gradient; the matrices' places are set to
    ///     zero on the way.
    ///   - learningRate: The rate of this step.
    ///   - workers: As many threads as at the start.
    public func update(
        _ parameters: Matrix, momentum: Matrix, gradients: [Matrix], learningRate: Double,
        workers: Workers
    ) {
        precondition(
            workers.count == crew.count && !gradients.isEmpty,
            "\(workers.count) workers for the work of \(crew.count), \(gradients.count) gradients")
        workers.run { worker in
            for part in crew[worker].parts {
                update(
                    part.matrix(in: parameters), momentum: part.matrix(in: momentum),
                    gradients: gradients.map { part.matrix(in: $0) }, learningRate: learningRate,
                    worker: crew[worker])
            }
        }
    }

    private func update(
        _ weight: Matrix, momentum: Matrix, gradients: [Matrix], learningRate: Double,
        worker: Worker
    ) {
        let direction = gradients[0]
        for gradient in gradients.dropFirst() { Sum.of(direction, gradient, into: direction) }
        let (kept, new) = (Float(settings.momentum), Float(1 - settings.momentum))
        ScaledSum.update(momentum, scale: kept, adding: direction, times: new)
        ScaledSum.update(direction, scale: new, adding: momentum, times: kept)
        let memory = worker.memory.first {
            $0.rows == weight.rows && $0.columns == weight.columns
        }
        memory?.orthogonalize(direction, iterations: settings.iterations, scratch: worker.scratch)
        let factor = max(1, Double(weight.rows) / Double(weight.columns)).squareRoot()
        ScaledSum.update(
            weight, scale: Float(1 - learningRate * settings.weightDecay), adding: direction,
            times: Float(-learningRate * factor))
        for gradient in gradients { gradient.clear() }
    }
}
