import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_train` and `trm_train`: a whole training run, step by step.
func checkReferenceTraining(_ golden: GoldenCase) throws {
    let stored = try golden.json(TrainingCase.self)
    let run = ReferenceRun(
        golden: golden, stored: stored, trajectory: try golden.tensors("trajectory.safetensors"),
        model: try stored.config.referenceModel(
            weights: golden.tensors("weights_init.safetensors"), loss: stored.loss_type))
    try run.check()
}

/// The parts of a case of training that are checked here.
private struct TrainingCase: Decodable {
    struct Training: Decodable {
        var global_batch_size: Int
        var weight_decay: Double
        var puzzle_emb_weight_decay: Double
        var beta1: Double
        var beta2: Double
        var ema_rate: Double?
        var steps_run: Int
        var total_steps: Int
    }
    struct Evaluation: Decodable {
        var act_steps: Int
        var metrics: [String: Double]
    }
    var config: GoldenConfiguration
    var loss_type: String
    var training: Training
    var grad_norm_names: [String]
    var metric_names: [String]
    var eval_after: Evaluation?
}

/// A recorded run, and the engine that repeats it.
private struct ReferenceRun {
    let golden: GoldenCase
    let stored: TrainingCase
    let trajectory: GoldenTensors
    let engine: ReferenceEngine
    let size: Int
    let loose = Tolerance(absolute: 1e-3)

    init(
        golden: GoldenCase, stored: TrainingCase, trajectory: GoldenTensors, model: ReferenceModel
    ) {
        (self.golden, self.stored, self.trajectory) = (golden, stored, trajectory)
        let training = stored.training
        size = training.global_batch_size
        engine = ReferenceEngine(
            model, slotCount: training.global_batch_size,
            optimizers: ReferenceOptimizerSettings(
                adam: ReferenceAdamATan2(
                    betas: (training.beta1, training.beta2), weightDecay: training.weight_decay),
                puzzleWeightDecay: training.puzzle_emb_weight_decay,
                averages: training.ema_rate != nil))
    }

    func check() throws {
        var table = ReferenceSlotTable(
            slotCount: size, sequenceLength: engine.dimensions.sequenceLength)
        for call in 0..<stored.training.steps_run {
            guard call < stored.training.total_steps else {
                engine.updateAverage(share: averageShare)
                continue
            }
            try refill(&table, from: call)
            let result = engine.train(&table, try step(call))
            #expect(result.divergence == nil)
            try expectDecisions(table, call)
            try expectNumbers(result, call)
            try expectMetrics(result, call)
            if call == 0 { try expectFirst() }
        }
        try expectWeights("weights_final", Tolerance(absolute: 1e-5))
        try expectStates("final")
        if let averaged = engine.averagedModel {
            let weights = try golden.tensors("weights_ema_final.safetensors")
            for name in weights.names {
                expectClose(
                    try #require(averaged.weights[name]).floats, try weights[name].floats,
                    Tolerance(absolute: 1e-5), "average of \(name)")
            }
        }
        if let evaluation = stored.eval_after { try expectEvaluation(evaluation) }
    }

    private var averageShare: Double { 1 - (stored.training.ema_rate ?? 0) }

    private func refill(_ table: inout ReferenceSlotTable, from call: Int) throws {
        table.refill(
            engine, inputs: try trajectory.integers("batch_inputs", at: call),
            labels: try trajectory.integers("batch_labels", at: call),
            identifiers: try trajectory.integers("batch_puzzle_identifiers", at: call))
    }

    private func step(_ call: Int) throws -> ReferenceTrainingStep {
        var step = ReferenceTrainingStep(
            slots: 0..<size, maxSteps: engine.configuration.haltMaxSteps,
            update: .init(
                number: call + 1, learningRate: try trajectory.doubles("lr", at: call)[0],
                averageShare: averageShare))
        if trajectory.names.contains("puzzle_emb_lr") {
            step.update?.puzzleLearningRate = try trajectory.doubles("puzzle_emb_lr", at: call)[0]
        }
        // Without exploration no segment has to be made, and a case need not say so.
        if stored.config.halt_exploration_prob ?? 0 > 0 {
            step.minimumSteps = try trajectory.integers("min_halt_steps", at: call)
        }
        return step
    }

    private func expectDecisions(_ table: ReferenceSlotTable, _ call: Int) throws {
        let name = "step \(call + 1)"
        for (key, values) in [
            ("current_inputs", table.inputs.flatMap { $0.map(Int.init) }),
            ("current_labels", table.labels.flatMap { $0.map(Int.init) }),
            ("current_puzzle_identifiers", table.identifiers.map(Int.init)),
            ("halted", table.halted.map { $0 ? 1 : 0 }), ("steps", table.steps),
        ] {
            #expect(values == (try trajectory.integers(key, at: call)), "\(name) \(key)")
        }
    }

    private func expectNumbers(_ result: ReferenceTrainingResult, _ call: Int) throws {
        let name = "step \(call + 1)"
        let outcomes = result.outcomes
        for (key, values) in [
            ("logits", (0..<size).flatMap { engine.logits(of: $0).values }),
            ("q_halt_logits", outcomes.map(\.qHalt)),
            ("q_continue_logits", outcomes.map(\.qContinue)),
            ("next_q_halt_logits", outcomes.compactMap(\.next?.qHalt)),
            ("next_q_continue_logits", outcomes.compactMap(\.next?.qContinue)),
            ("target_q_continue", outcomes.compactMap(\.targetQContinue)),
            ("loss", [outcomes.reduce(0) { $0 + $1.totalLoss }]),
        ] {
            guard trajectory.names.contains(key) else {
                #expect(values.isEmpty, "\(name) \(key)")
                continue
            }
            expectClose(values, try trajectory.doubles(key, at: call), loose, "\(name) \(key)")
        }
        let gradients = Dictionary(
            uniqueKeysWithValues: engine.tensors(.gradients).map { ($0.name, $0.values) })
        let norms = try stored.grad_norm_names.map { name in
            let gradient = try #require(gradients[name])
            return gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        expectClose(
            norms, try trajectory.doubles("grad_norms", at: call),
            Tolerance(absolute: 1e-7, relative: 1e-3), "\(name) gradient norms")
        if call == 0, let recorded = try? golden.tensors("grads_step1.safetensors") {
            for (key, values) in gradients where recorded.names.contains(key) {
                let expected = try recorded[key].floats
                expectClose(values, expected, .ofMaximum(expected, 1e-4), "\(name) \(key)")
            }
        }
        guard let table = engine.model.weights["puzzle_emb.weights"] else { return }
        expectClose(
            table.floats, try trajectory.floats("puzzle_weights", at: call),
            Tolerance(absolute: 1e-5), "\(name) puzzle_weights")
        let expected = try trajectory.floats("puzzle_local_grad", at: call)
        expectClose(
            try #require(gradients["puzzle_emb.weights"]), expected, .ofMaximum(expected, 1e-3),
            "\(name) puzzle_local_grad")
    }

    private func expectMetrics(_ result: ReferenceTrainingResult, _ call: Int) throws {
        let sums = ReferenceMetrics(result.outcomes).sums
        for metric in stored.metric_names {
            expectClose(
                try #require(sums[metric]),
                try trajectory.doubles("metric_sum.\(metric)", at: call)[0], loose,
                "step \(call + 1) sum of \(metric)")
        }
    }

    private func expectFirst() throws {
        try expectWeights("weights_step1", Tolerance(absolute: 1e-6))
        try expectStates("step1")
        let prefix = "ema_step1."
        for name in trajectory.names where name.hasPrefix(prefix) {
            let averaged = try #require(engine.averagedModel)
            expectClose(
                try #require(averaged.weights[String(name.dropFirst(prefix.count))]).floats,
                try trajectory[name].floats, Tolerance(absolute: 1e-6), name)
        }
    }

    private func expectWeights(_ file: String, _ tolerance: Tolerance) throws {
        let recorded = try golden.tensors("\(file).safetensors")
        let weights = engine.tensors(.weights)
        #expect(weights.map(\.name).sorted() == recorded.names.sorted())
        for weight in weights {
            expectClose(
                weight.values, try recorded[weight.name].floats, tolerance,
                "\(file) \(weight.name)")
        }
    }

    private func expectStates(_ prefix: String) throws {
        for state in engine.tensors(.states) {
            expectClose(
                state.values, try trajectory["\(prefix)_\(state.name)"].floats, loose,
                "\(prefix) \(state.name)")
        }
    }

    /// All segments of the first batch, with the averaged weights where there are any.
    private func expectEvaluation(_ evaluation: TrainingCase.Evaluation) throws {
        let evaluated = ReferenceEngine(
            engine.averagedModel ?? engine.model, slotCount: size)
        var table = ReferenceSlotTable(
            slotCount: size, sequenceLength: engine.dimensions.sequenceLength)
        table.refill(
            evaluated, inputs: try trajectory.integers("batch_inputs", at: 0),
            labels: try trajectory.integers("batch_labels", at: 0),
            identifiers: try trajectory.integers("batch_puzzle_identifiers", at: 0))
        var outcomes: [ReferenceOutcome] = []
        for _ in 0..<evaluation.act_steps {
            outcomes = evaluated.infer(&table, slots: 0..<size, maxSteps: evaluation.act_steps)
        }
        #expect(table.halted.allSatisfy { $0 })
        expectClose(
            (0..<size).flatMap { evaluated.logits(of: $0).floats },
            try trajectory["eval_logits"].floats, loose, "eval_logits")
        let sums = ReferenceMetrics(outcomes).sums
        for (name, expected) in evaluation.metrics {
            guard let sum = sums[name] else { continue }
            expectClose(sum, expected, loose, "eval \(name)")
        }
        #expect(evaluation.metrics.keys.contains("lm_loss"))
    }
}
