import HRMEngine
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMAccelerator
@testable import HRMModel

/// The parts of a model's programs against the recorded cases: blocks, gradients, losses and
/// optimizers.
@Suite("Golden parts on an accelerator", .enabled(if: EngineUnderTest.accelerator != nil))
struct AcceleratorGoldens {
    private static func cases(_ kinds: String...) -> [GoldenCase] {
        GoldenCase.all.filter { kinds.contains($0.kind) }
    }

    /// A graph that is run with named float32 or int32 tensors.
    private struct Program {
        let builder = GraphBuilder()
        private var values: [String: GoldenTensor] = [:]
        private var numbers: [String: [Float]] = [:]

        mutating func argument(
            _ name: String, _ tensor: GoldenTensor, _ element: ElementType = .float32
        ) -> Expression {
            values[name] = tensor
            return builder.argument(name, BufferType(tensor.shape, element))
        }

        /// Sets an argument that a layer has added.
        mutating func set(_ name: String, _ tensor: GoldenTensor) { values[name] = tensor }

        mutating func set(_ name: String, _ numbers: [Float]) { self.numbers[name] = numbers }

        /// Returns the results by name.
        func run() throws -> [String: [Float]] {
            let context = try #require(EngineUnderTest.context)
            let graph = builder.graph
            let program = try context.client.compile(graph.stableHLOText(name: "part"))
            var buffers: [AcceleratorBuffer] = []
            for argument in graph.arguments {
                let type = argument.type
                switch type.element {
                case .int32:
                    let values = try #require(values[argument.name]).integers.map(Int32.init)
                    buffers.append(
                        try context.client.buffer(
                            copying: values, type: .int32, shape: type.shape))
                default:
                    let floats =
                        numbers[argument.name]
                        ?? values[argument.name]?.floats
                        ?? [Float](repeating: 0, count: type.count)
                    buffers.append(
                        try context.upload(
                            Matrix(floats, rows: 1, columns: floats.count), as: type, device: 0))
                }
            }
            var results: [String: [Float]] = [:]
            for (output, buffer) in zip(graph.outputs, try program.run(buffers)) {
                results[output.name] = try context.download(buffer, rows: 1).values
            }
            return results
        }
    }

    @Test(arguments: cases("hrm_block", "trm_block"))
    func blocks(_ golden: GoldenCase) throws {
        struct Case: Decodable {
            var config: GoldenConfiguration
            var bfloat16_vs_float32: Difference?
        }
        let stored = try golden.json(Case.self)
        let tensors = try golden.tensors()
        let input = try tensors["input"]
        var configuration = try stored.config.architecture()
        configuration.forwardPrecision =
            stored.bfloat16_vs_float32 == nil ? .float32 : .bfloat16
        configuration.puzzleEmbeddingSize = 0
        let shape = ModelShape(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 2, sequenceLength: input.shape[1], puzzleIdentifierCount: 1),
            batch: input.shape[0])
        var program = Program()
        let layers = Layers(program.builder, shape: shape)
        let prefix = "L_level.layers.0."
        let names = shape.layout.entries.map(\.name).filter { $0.hasPrefix(prefix) }
        for name in names {
            program.set(name, try tensors["weight." + name.dropFirst(prefix.count)])
        }
        let x = program.argument("x", input)
        let y = layers.block(layers.stored(x), prefix: prefix)
        program.builder.output("output", y)
        if let recorded = stored.bfloat16_vs_float32 {
            let output = try #require(try program.run()["output"])
            recorded.expect(output, against: try tensors["float32_output"].floats, "output")
            return
        }
        let upstream = program.argument("upstream", try tensors["grad_output"])
        let gradients = program.builder.gradients(
            of: (y * upstream).sum, by: [x] + names.map { layers.weights[$0] })
        for (name, gradient) in zip(["x"] + names, gradients) {
            program.builder.output("gradient." + name, gradient)
        }
        let results = try program.run()
        let tight = Tolerance(absolute: 1e-5)
        expectClose(
            try #require(results["output"]), try tensors["output"].floats, tight, "output")
        expectClose(
            try #require(results["gradient.x"]), try tensors["grad_input"].floats, tight,
            "grad_input")
        for name in names {
            let expected = try tensors["grad." + name.dropFirst(prefix.count)].floats
            expectClose(
                try #require(results["gradient." + name]), expected, .ofMaximum(expected, 1e-5),
                name)
        }
    }

    @Test(
        arguments: cases("hrm_inner", "trm_inner").filter {
            (try? $0.tensors("grads.safetensors")) != nil
        })
    func gradientsOfSegments(_ golden: GoldenCase) throws {
        struct Case: Decodable {
            var config: GoldenConfiguration
        }
        let stored = try golden.json(Case.self)
        let io = try golden.tensors("io.safetensors")
        let weights = try golden.tensors("weights.safetensors")
        let recorded = try golden.tensors("grads.safetensors")
        let shape = ModelShape(
            configuration: try stored.config.architecture(),
            dimensions: try stored.config.dimensions(), batch: try io["inputs"].shape[0])
        var program = Program()
        let layers = Layers(program.builder, shape: shape)
        for entry in shape.layout.entries + shape.layout.buffers {
            program.set(entry.name, try weights[entry.name])
        }
        let states = SegmentStates(
            high: program.argument("z_H", try io["carry_in_z_H"]),
            low: program.argument("z_L", try io["carry_in_z_L"]))
        let inputs = program.argument("inputs", try io["inputs"], .int32)
        let identifiers = program.argument("ids", try io["puzzle_identifiers"], .int32)
        let rows = layers.weights.optional(TensorName.puzzles)?.rows(at: identifiers)
        let input = layers.embedding(inputs: inputs, puzzleRows: rows)
        let high = layers.segment(
            shape.configuration.schedule, from: states, input: input
        ).high
        let logits = layers.logits(high)
        let (halt, continuation) = layers.columns(layers.qLogits(high))
        let objective =
            (logits * program.argument("grad_logits", try io["grad_logits"])).sum
            + (halt * program.argument("grad_q_halt", try io["grad_q_halt"])).sum
            + (continuation * program.argument("grad_q_continue", try io["grad_q_continue"])).sum
        let names = shape.layout.entries.map(\.name)
        var variables = names.map { layers.weights[$0] }
        if let rows { variables.append(rows) }
        let gradients = program.builder.gradients(of: objective, by: variables)
        program.builder.output("logits", logits)
        program.builder.output("input_embeddings", input)
        let outputs = names + (rows == nil ? [] : ["puzzle_emb.local_weights"])
        for (name, gradient) in zip(outputs, gradients) {
            program.builder.output(name, gradient)
        }
        let results = try program.run()
        expectClose(
            try #require(results["logits"]), try io["logits"].floats, Tolerance(absolute: 1e-4),
            "logits")
        expectClose(
            try #require(results["input_embeddings"]), try io["input_embeddings"].floats,
            Tolerance(absolute: 1e-6), "input_embeddings")
        for name in outputs {
            let expected = try recorded[name].floats
            expectClose(
                try #require(results[name]), expected, .ofMaximum(expected, 1e-4), name)
        }
    }

    @Test(arguments: cases("loss"))
    func losses(_ golden: GoldenCase) throws {
        let stored = try golden.json(LossCase.self)
        let tensors = try golden.tensors()
        let extents = try tensors["logits"].shape
        var configuration = HRMConfiguration()
        configuration.lossType = try #require(LossType(rawValue: stored.loss_type))
        configuration.forwardPrecision = .float32
        let shape = ModelShape(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: extents[2], sequenceLength: extents[1], puzzleIdentifierCount: 1),
            batch: extents[0])
        var program = Program()
        let layers = Layers(program.builder, shape: shape)
        let logits = program.argument("logits", try tensors["logits"])
        let labels = program.argument("labels", try tensors["labels"], .int32)
        let halt = program.argument("halt", try tensors["q_halt_logits"])
        let continuation = program.argument("continue", try tensors["q_continue_logits"])
        let pairs = Expression.concatenated(
            [halt, continuation].map { $0.reshaped([extents[0], 1]) }, axis: 1)
        let target =
            stored.has_target_q_continue
            ? program.argument("target", try tensors["target_q_continue"]) : nil
        let rows = layers.losses(
            logits: logits, labels: labels, qLogits: pairs, target: target, smoothing: 0)
        let total = rows.total.sum
        let gradients = program.builder.gradients(
            of: total, by: [logits, halt, continuation])
        for (name, value) in [
            ("loss", total), ("counts", rows.labelCount), ("grad_logits", gradients[0]),
            ("grad_q_halt_logits", gradients[1]), ("grad_q_continue_logits", gradients[2]),
        ] {
            program.builder.output(name, value)
        }
        let results = try program.run()
        expectClose(
            Double(try #require(results["loss"]?.first)), stored.loss, Tolerance(relative: 1e-6),
            "loss")
        #expect(results["counts"]?.map { Int($0) } == (try tensors["label_counts"].integers))
        var names = ["grad_logits", "grad_q_halt_logits"]
        if target != nil { names.append("grad_q_continue_logits") }
        for name in names {
            expectClose(
                try #require(results[name]), try tensors[name].floats, Tolerance(absolute: 1e-6),
                name)
        }
    }

    /// XLA flushes subnormal squares, so entries with gradients of between 1e-23 and 5e-19 step as
    /// if the square were zero; in the recorded case that is one entry, whose square is zero in
    /// float32 anyway.
    @Test(arguments: cases("optim_adam_atan2"))
    func adamATan2(_ golden: GoldenCase) throws {
        let stored = try golden.json(AdamATan2Case.self)
        let tensors = try golden.tensors()
        var description = OptimizerDescription()
        (description.beta1, description.beta2) = (stored.beta1, stored.beta2)
        description.weightDecay = stored.weight_decay
        for name in stored.final_step_counts.keys.sorted() {
            let initial = try tensors["init.\(name)"]
            var program = Program()
            let optimizers = Optimizers(program.builder, description)
            let fields = ["param", "exp_avg", "exp_avg_sq"]
            let state = fields.map {
                program.builder.argument($0, BufferType(initial.shape))
            }
            let gradient = program.builder.argument("gradient", BufferType(initial.shape))
            let new = optimizers.adamATan2(
                state[0], gradient: gradient, first: state[1], second: state[2])
            for (field, value) in zip(fields, [new.weight, new.first, new.second]) {
                program.builder.output(field, value)
            }
            program.set("param", initial)
            var updates = 0
            for step in 1...stored.steps {
                let key = "step\(step).grad.\(name)"
                guard tensors.names.contains(key) else { continue }
                updates += 1
                program.set("gradient", try tensors[key])
                program.set(
                    TensorName.rates,
                    UpdateRate.values(
                        .init(
                            number: updates, learningRate: stored.lr_per_step[step - 1],
                            puzzleLearningRate: 0), description))
                let results = try program.run()
                for field in fields {
                    let values = try #require(results[field])
                    program.set(field, values)
                    expectClose(
                        values, try tensors["step\(step).float32.\(field).\(name)"].floats,
                        Tolerance(absolute: 1e-9, relative: 1e-6), "step \(step) \(field) \(name)")
                }
            }
        }
    }

    @Test(arguments: cases("optim_sparse_signsgd"))
    func sparseSignSGD(_ golden: GoldenCase) throws {
        let stored = try golden.json(SparseSignSGDCase.self)
        let tensors = try golden.tensors()
        var description = OptimizerDescription()
        description.puzzleWeightDecay = stored.weight_decay
        var table = try tensors["weights_init"].floats
        for step in 1...stored.steps {
            var program = Program()
            let optimizers = Optimizers(program.builder, description)
            let ids = program.argument("ids", try tensors["step\(step).ids"], .int32)
            let gradient = program.argument("gradient", try tensors["step\(step).grad"])
            let old = program.argument("table", try tensors["weights_init"])
            program.set("table", table)
            program.set(
                TensorName.rates,
                UpdateRate.values(
                    .init(
                        number: 1, learningRate: 0,
                        puzzleLearningRate: stored.lr_per_step[step - 1]), description))
            let learns = ids.compared(.greaterOrEqual, 0)
            program.builder.output(
                "table",
                optimizers.signDescent(old, identifiers: ids, learns: learns, gradients: gradient))
            table = try #require(try program.run()["table"])
            expectClose(
                table, try tensors["step\(step).weights"].floats,
                Tolerance(absolute: 1e-7, relative: 1e-6), "step \(step) weights")
        }
    }
}
