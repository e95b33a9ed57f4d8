package import HRMModel

/// The computation of segments with one set of weights, whose gradients add up over sequences.
public struct ReferenceSegment {
    /// The weights.
    public let model: ReferenceModel
    /// Every trained parameter.
    public let parameters: [String: Variable]
    private let means: ReferenceMeans

    /// The values after a segment, as results of a differentiable computation.
    public struct Results {
        /// `z_H`, `[T, D]`.
        public let high: Variable
        /// `z_L`, `[T, D]`.
        public let low: Variable
        /// Token logits, `[S, V]`.
        public let logits: Variable
        /// The logits of halting and continuing, `[1, 2]`.
        public let qLogits: Variable
        /// The input `e`, `[T, D]`.
        public let input: Variable
        /// The row of the puzzle embedding, `[1, E]`; nil without one.
        public let puzzleRow: Variable?

        /// The new states.
        public var states: ReferenceStates {
            ReferenceStates(high: high.value, low: low.value)
        }
    }

    /// A moment in a segment: before the first module application, or after one.
    public struct Moment {
        /// The number of applications so far.
        public let applications: Int
        /// The last update; nil before the first.
        package let updates: ModuleApplication.Update?
        /// The states.
        public let states: ReferenceStates
        /// Token logits of the slow state, `[S, V]`.
        public let logits: PlainMatrix
        /// Q logits of the slow state, `[1, 2]`.
        public let qLogits: PlainMatrix
    }

    /// Prepares segments with a model's current weights.
    public init(_ model: ReferenceModel) {
        self.model = model
        means = ReferenceMeans(
            positions: model.positionCount, symbols: max(1, model.configuration.symbolCount),
            relations: model.configuration.relations,
            columns: model.configuration.boardColumns)
        parameters = Dictionary(
            uniqueKeysWithValues: model.layout.entries.map { entry in
                guard let weight = model.weights[entry.name] else {
                    preconditionFailure("no weight '\(entry.name)'")
                }
                return (entry.name, Variable(weight))
            })
    }

    /// Runs one segment of one sequence.
    ///
    /// - Parameters:
    ///   - inputs: Tokens, `[S]`.
    ///   - identifier: The row of the puzzle embedding.
    ///   - states: The states before.
    ///   - schedule: The module applications; nil for the model's own.
    ///   - learning: True if the last applications of the schedule carry gradient; otherwise only
    ///     the heads do.
    ///   - observe: Called at every moment, if given.
    /// - Returns: The new states, and both heads.
    package func callAsFunction(
        inputs: [Int32], identifier: Int32, from states: ReferenceStates,
        through schedule: SegmentSchedule? = nil, learning: Bool = false,
        observe: ((Moment) -> Void)? = nil
    ) -> Results {
        let schedule = schedule ?? model.configuration.schedule
        let (input, puzzleRow) = embed(inputs, identifier: identifier)
        var (high, low) = (Variable(states.high), Variable(states.low))
        func report(_ count: Int, _ updates: ModuleApplication.Update?) {
            guard let observe else { return }
            let (logits, qLogits) = heads(of: high)
            observe(
                Moment(
                    applications: count, updates: updates,
                    states: ReferenceStates(high: high.value, low: low.value),
                    logits: logits.value, qLogits: qLogits.value))
        }
        report(0, nil)
        let constant = schedule.applications.count - (learning ? schedule.gradientApplications : 0)
        for (index, application) in schedule.applications.enumerated() {
            let stack = blocks(ofStack: application.stack)
            func module(_ x: Variable) -> Variable { stack.reduce(x) { $1($0) } }
            switch application.updates {
            case .low: low = module(low + (high + input))
            case .high: high = module(high + low)
            case .direct: high = module(high + input)
            }
            if index < constant { (high, low) = (high.detached, low.detached) }
            report(index + 1, application.updates)
        }
        let (logits, qLogits) = heads(of: high)
        return Results(
            high: high, low: low, logits: logits, qLogits: qLogits, input: input,
            puzzleRow: puzzleRow)
    }

    /// The blocks of a stack.
    private func blocks(ofStack stack: Int) -> [ReferenceBlock] {
        let configuration = model.configuration
        let high = (name: "H_level", layers: configuration.highLayers)
        let low = (name: "L_level", layers: configuration.lowLayers)
        let stacks =
            switch configuration.family {
            case .hierarchical: [high, low]
            case .tiny: [low]
            case .transformer: [high]
            }
        return (0..<stacks[stack].layers).map { layer in
            ReferenceBlock(
                prefix: "\(stacks[stack].name).layers.\(layer).", configuration: configuration,
                parameters: parameters, means: means)
        }
    }

    /// Computes `√D · e`: the puzzle's row in front of the tokens' rows, plus learned positions.
    private func embed(
        _ inputs: [Int32], identifier: Int32
    ) -> (input: Variable, puzzleRow: Variable?) {
        let width = model.configuration.hiddenSize
        let tokens = parameter("embed_tokens.embedding_weight").rows(inputs.map(Int.init))
        var (x, puzzleRow) = (tokens, Variable?.none)
        if let table = model.weights["puzzle_emb.weights"] {
            let row = Variable(table).rows([Int(identifier)]).detached
            let length = model.prefixLength
            let padding = Variable(
                PlainMatrix(0, rows: 1, columns: length * width - row.columns))
            let prefix = Variable.joined([row, padding]).reshaped(rows: length, columns: width)
            (x, puzzleRow) = (Variable.stacked([prefix, tokens]), row)
        }
        if model.configuration.positionEncoding == .learned {
            // The reference's constant for 1/√2.
            x = 0.707106781 * (x + parameter("embed_pos.embedding_weight"))
        }
        return (Double(width).squareRoot() * x, puzzleRow)
    }

    /// Computes token logits of the tokens' positions, and Q logits of the first position.
    private func heads(of high: Variable) -> (logits: Variable, qLogits: Variable) {
        let tokens = high.rows(model.prefixLength..<model.positionCount)
        return (
            tokens.timesTransposed(parameter("lm_head.weight")),
            high.rows([0]).timesTransposed(parameter("q_head.weight"))
                + parameter("q_head.bias")
        )
    }

    private func parameter(_ name: String) -> Variable {
        guard let parameter = parameters[name] else { preconditionFailure("no '\(name)'") }
        return parameter
    }
}
