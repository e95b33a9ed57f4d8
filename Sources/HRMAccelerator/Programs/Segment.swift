internal import HRMModel

/// The states of a batch, `[B, T, D]` each.
struct SegmentStates {
    var high: Expression
    var low: Expression

    /// The same states, through which no gradient flows.
    var stopped: SegmentStates { SegmentStates(high: high.stopped, low: low.stopped) }
}

extension Layers {
    /// The input `e`, `[B, T, D]`.
    ///
    /// - Parameters:
    ///   - inputs: `[B, S]` tokens.
    ///   - puzzleRows: The rows of the puzzle embedding, `[B, E]`, if the model has one.
    /// - Returns: The input, in the forward precision.
    func embedding(inputs: Expression, puzzleRows: Expression?) -> Expression {
        let (b, s) = (shape.batch, shape.dimensions.sequenceLength)
        let (v, width) = (shape.dimensions.vocabularySize, configuration.hiddenSize)
        let choices = oneHot(inputs.reshaped([b * s]), count: v, shape.precision)
        var rows = choices.dot(
            stored(weights["embed_tokens.embedding_weight"]),
            GraphOperation.DotAxes(leftSummed: [1], rightSummed: [0])
        ).reshaped([b, s, width])
        if let puzzleRows {
            let (prefix, e) = (configuration.prefixLength, configuration.puzzleEmbeddingSize)
            let padded = puzzleRows.padded(low: [0, 0], high: [0, prefix * width - e])
            rows = .concatenated(
                [stored(padded.reshaped([b, prefix, width])), rows], axis: 1)
        }
        var x = rows.converted(to: .float32)
        if let positions = weights.optional("embed_pos.embedding_weight") {
            let rounded = stored(positions).converted(to: .float32)
            x = (x + rounded.broadcast(to: x.shape, axes: [1, 2])) * 0.707106781
        }
        return stored(x * Double(Float(width).squareRoot()))
    }

    /// 1 at the index of each element, otherwise 0, `[n, count]`; all 0 for an index outside.
    func oneHot(_ indices: Expression, count: Int, _ element: ElementType) -> Expression {
        let whole = [indices.shape[0], count]
        return builder.iota(whole, axis: 1).compared(
            .equal, indices.broadcast(to: whole, axes: [0])
        ).converted(to: element)
    }

    /// The states with which a segment starts: the initial ones in fresh slots.
    func initialized(_ states: SegmentStates, fresh: Expression) -> SegmentStates {
        let type = shape.stateType
        let mask = fresh.broadcast(to: type.shape, axes: [0])
        func replaced(_ state: Expression, _ name: String) -> Expression {
            guard let initial = weights.optional(name) else { return state }
            return mask.select(initial.broadcast(to: type.shape, axes: [2]), state)
        }
        return SegmentStates(
            high: replaced(states.high, "H_init"), low: replaced(states.low, "L_init"))
    }

    /// The new states in active slots, the old ones in others.
    func kept(_ new: SegmentStates, in active: Expression, otherwise old: SegmentStates)
        -> SegmentStates
    {
        let mask = active.broadcast(to: shape.stateType.shape, axes: [0])
        return SegmentStates(
            high: mask.select(new.high, old.high), low: mask.select(new.low, old.low))
    }

    /// Applies the modules in the schedule's order.
    ///
    /// - Parameters:
    ///   - schedule: The modules, and the number of them that carry gradient.
    ///   - states: The initial states.
    ///   - input: `e`.
    ///   - observe: Called with the new states after each application.
    /// - Returns: The new states; gradient flows through the last `k` applications.
    func segment(
        _ schedule: SegmentSchedule, from states: SegmentStates, input: Expression,
        observe: (SegmentStates) -> Void = { _ in }
    ) -> SegmentStates {
        var states = states
        let firstWithGradient = schedule.applications.count - schedule.gradientApplications
        for (index, application) in schedule.applications.enumerated() {
            if index == firstWithGradient { states = states.stopped }
            switch application.updates {
            case .low:
                states.low = module(
                    application.stack, sum(states.low, states.high, input))
            case .high:
                states.high = module(application.stack, sum(states.high, states.low))
            case .direct:
                states.high = module(application.stack, sum(states.high, input))
            }
            observe(states)
        }
        return states
    }

    private func sum(_ parts: Expression...) -> Expression {
        let wide = parts.map { $0.converted(to: .float32) }
        return stored(wide.dropFirst().reduce(wide[0], +))
    }

    private func module(_ stack: Int, _ x: Expression) -> Expression {
        let stack = configuration.stacks[stack]
        return (0..<stack.layers).reduce(x) { x, layer in
            block(x, prefix: "\(stack.name).layers.\(layer).")
        }
    }

    /// The token logits of the cells, `[B, S, V]`, in float32.
    func logits(_ high: Expression) -> Expression {
        let prefix = configuration.prefixLength
        return linear(
            high.sliced(prefix..<shape.positions, axis: 1), weights["lm_head.weight"]
        ).converted(to: .float32)
    }

    /// The Q logits of halting and continuing, `[B, 2]`, in float32.
    func qLogits(_ high: Expression) -> Expression {
        let first = high.sliced(0..<1, axis: 1).reshaped([shape.batch, configuration.hiddenSize])
        let product = first.dot(
            stored(weights["q_head.weight"]),
            GraphOperation.DotAxes(leftSummed: [1], rightSummed: [1]),
            as: .float32)
        let bias = stored(weights["q_head.bias"]).converted(to: .float32)
        return product + bias.broadcast(to: product.shape, axes: [1])
    }
}
