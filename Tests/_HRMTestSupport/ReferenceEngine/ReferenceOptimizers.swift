#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// AdamATan2 on some tensors.
public struct ReferenceAdamATan2: Sendable {
    /// Decay rates of the moments.
    public var betas: (first: Double, second: Double)
    /// Decoupled weight decay, as a fraction of the learning rate.
    public var weightDecay: Double

    /// Creates an optimizer.
    public init(betas: (first: Double, second: Double), weightDecay: Double) {
        self.betas = betas
        self.weightDecay = weightDecay
    }

    /// Updates one tensor.
    ///
    /// - Parameters:
    ///   - p: The parameters.
    ///   - m: The mean of gradients.
    ///   - v: The mean of squared gradients.
    ///   - g: The gradient.
    ///   - learningRate: The learning rate.
    ///   - number: The number of the update, starting at 1.
    public func update(
        _ p: inout PlainMatrix, mean m: inout PlainMatrix, meanSquare v: inout PlainMatrix,
        gradient g: PlainMatrix, learningRate: Double, number: Int
    ) {
        let t = Double(number)
        let step = learningRate / (1 - pow(betas.first, t))
        let correction = (1 - pow(betas.second, t)).squareRoot()
        for i in p.values.indices {
            let gradient = g.values[i]
            let mean = betas.first * m.values[i] + (1 - betas.first) * gradient
            let square = betas.second * v.values[i] + (1 - betas.second) * gradient * gradient
            let decayed = p.values[i] * (1 - learningRate * weightDecay)
            p.values[i] = decayed - step * atan2(mean, square.squareRoot() / correction)
            m.values[i] = mean
            v.values[i] = square
        }
    }
}

/// Sign descent on the rows of the puzzle embedding that are in the batch.
public enum ReferenceSignSGD {
    /// Updates a table.
    ///
    /// - Parameters:
    ///   - table: `[identifiers, E]`.
    ///   - rows: An identifier and the gradient of its row `[1, E]`, for each slot of the batch.
    ///   - learningRate: The learning rate.
    ///   - weightDecay: Decoupled weight decay, as a fraction of the learning rate.
    public static func update(
        _ table: inout PlainMatrix, rows: [(identifier: Int32, gradient: PlainMatrix)],
        learningRate: Double, weightDecay: Double
    ) {
        let width = table.columns
        for identifier in Set(rows.map(\.identifier)) {
            let gradients = rows.filter { $0.identifier == identifier }.map(\.gradient)
            for column in 0..<width {
                let sum = gradients.reduce(0) { $0 + $1[0, column] }
                let sign: Double = sum > 0 ? 1 : sum < 0 ? -1 : 0
                let place = Int(identifier) * width + column
                table.values[place] =
                    table.values[place] * (1 - learningRate * weightDecay) - learningRate * sign
            }
        }
    }
}

/// Muon on the matrices of blocks.
public struct ReferenceMuon: Sendable {
    /// `μ`.
    public var momentum: Double
    /// The number of Newton–Schulz iterations.
    public var iterations: Int
    /// Decoupled weight decay, as a fraction of the learning rate.
    public var weightDecay: Double

    /// Creates an optimizer.
    public init(momentum: Double, iterations: Int, weightDecay: Double) {
        self.momentum = momentum
        self.iterations = iterations
        self.weightDecay = weightDecay
    }

    /// Returns the number of matrices that lie one below the other in a tensor; 0 if it is not
    /// one of Muon's.
    public static func matrixCount(of name: String) -> Int {
        guard name.contains("_level.layers.") else { return 0 }
        if name.hasSuffix("qkv_proj.weight") { return 3 }
        return name.hasSuffix("gate_up_proj.weight") ? 2 : 1
    }

    /// Updates the matrices of one tensor.
    ///
    /// - Parameters:
    ///   - weight: The tensor.
    ///   - mean: The momentum.
    ///   - gradient: The gradient.
    ///   - matrices: The number of matrices.
    ///   - learningRate: The learning rate.
    public func update(
        _ weight: inout PlainMatrix, mean: inout PlainMatrix, gradient: PlainMatrix, matrices: Int,
        learningRate: Double
    ) {
        let (rows, columns) = (weight.rows / matrices, weight.columns)
        func mixed(_ mean: PlainMatrix) -> PlainMatrix {
            mean.scaled(by: momentum).adding(gradient.scaled(by: 1 - momentum))
        }
        mean = mixed(mean)
        let ahead = mixed(mean)
        let factor = max(1, Double(rows) / Double(columns)).squareRoot()
        var updated: [Double] = []
        for part in 0..<matrices {
            let elements = (part * rows * columns)..<((part + 1) * rows * columns)
            func matrix(_ values: [Double]) -> PlainMatrix {
                PlainMatrix(Array(values[elements]), rows: rows, columns: columns)
            }
            let direction = matrix(ahead.values)
            let step =
                direction.norm > 0
                ? direction.orthogonalized(iterations: iterations).scaled(
                    by: -learningRate * factor) : direction
            updated +=
                matrix(weight.values).scaled(by: 1 - learningRate * weightDecay)
                .adding(step).values
        }
        weight.values = updated
    }
}
