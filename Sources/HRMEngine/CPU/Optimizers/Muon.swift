import HRMModel
import HRMTensor

/// An optimizer for matrices: momentum, orthogonalized before each step
/// ([Jordan, 2024](https://kellerjordan.github.io/posts/muon/)).
///
/// With `g` the gradient of a matrix of `r` rows and `c` columns:
/// ```
/// m ← μ·m + (1−μ)·g;  u ← μ·m + (1−μ)·g
/// W ← (1 − lr·wd)·W − lr·√max(1, r/c)·NewtonSchulz(u)
/// ```
/// `u` is the Nesterov momentum. The factor makes `lr` the size of an update relative to the
/// weight's spectral norm, since the norm of a newly initialized `r × c` weight grows as
/// `1 + √(r/c)`; so one learning rate fits all matrices of a model, and models of every width. With
/// the other common factor, `0.2·√max(r, c)`, steps are as large as Adam's, but the best learning
/// rate depends on the width.
///
/// Muon updates the matrices of the blocks. Queries, keys and values share one tensor only because
/// one product is faster than three, and so do gate and up; each is orthogonalized separately.
/// Jointly, the part with the largest gradient would dominate, and the step would be orthogonal
/// only as a whole. Embeddings, heads and biases are left to ``AdamATan2``; `m` occupies the place
/// of its first moment for the matrices.
struct Muon: Sendable {
    /// Momentum, weight decay and iterations.
    var settings: MuonSettings
    /// The element ranges of the flat array that Muon does not update, without padding.
    let others: [Range<Int>]
    private let crew: [Worker]

    /// A matrix in the flat array.
    private struct Part {
        let offset: Int
        let rows: Int
        let columns: Int

        /// The multiplications per iteration.
        var cost: Int {
            let (short, long) = (min(rows, columns), max(rows, columns))
            return short * short * (2 * long + short)
        }

        func matrix(in flat: Matrix) -> Matrix {
            flat.reshaped(from: offset, rows: rows, columns: columns)
        }
    }

    /// The matrices of one worker, and its memory.
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

    /// Creates an optimizer of a model's matrices.
    ///
    /// Whole matrices are assigned to the least loaded worker in order of decreasing cost; the
    /// result does not depend on the assignment.
    ///
    /// - Parameters:
    ///   - layout: The positions of the matrices.
    ///   - settings: Momentum, weight decay and iterations.
    ///   - workers: The worker threads.
    init(layout: ParameterLayout, settings: MuonSettings, workers: Workers) {
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

    /// Updates every matrix.
    ///
    /// - Parameters:
    ///   - parameters: `[1, layout.flatCount]`, float32.
    ///   - momentum: `m`, `[1, layout.flatCount]`.
    ///   - gradients: The summands of the gradient, added in this order; the matrices' elements are
    ///     reset to zero.
    ///   - learningRate: The learning rate of this step.
    ///   - workers: As many threads as in the initializer.
    func update(
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
