import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

/// Kinds `hrm_train` and `trm_train`: a whole training run, step by step, and the average of its
/// weights where one was kept.
func checkTraining(_ golden: GoldenCase, on tested: EngineUnderTest) throws {
    struct Case: Decodable {
        struct Training: Decodable {
            var global_batch_size: Int
            var lr: Double
            var puzzle_emb_lr: Double
            var weight_decay: Double
            var puzzle_emb_weight_decay: Double
            var lr_warmup_steps: Int
            var lr_min_ratio: Double
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
    let stored = try golden.json(Case.self)
    let trajectory = try golden.tensors("trajectory.safetensors")
    let model = try stored.config.model(
        weights: golden.tensors("weights_init.safetensors"), loss: stored.loss_type)
    var configuration = TrainingConfiguration()
    configuration.architecture = model.configuration
    configuration.globalBatchSize = stored.training.global_batch_size
    configuration.learningRate = stored.training.lr
    configuration.puzzleEmbeddingLearningRate = stored.training.puzzle_emb_lr
    configuration.weightDecay = stored.training.weight_decay
    configuration.puzzleEmbeddingWeightDecay = stored.training.puzzle_emb_weight_decay
    configuration.warmupSteps = stored.training.lr_warmup_steps
    configuration.learningRateMinimumRatio = stored.training.lr_min_ratio
    configuration.beta1 = stored.training.beta1
    configuration.beta2 = stored.training.beta2
    configuration.averagesWeights = stored.training.ema_rate != nil
    configuration.averageRate = stored.training.ema_rate ?? 0
    let engine = tested.training(
        model, configuration.optimizers, configuration.globalBatchSize)
    var trainer = Trainer(
        engine: engine, configuration: configuration, totalSteps: stored.training.total_steps)

    let loose = Tolerance(absolute: 1e-3)
    func batch(_ call: Int) throws -> TokenBatch {
        TokenBatch(
            inputs: try trajectory.integers("batch_inputs", at: call).map(Int32.init),
            labels: try trajectory.integers("batch_labels", at: call).map(Int32.init),
            puzzleIdentifiers: try trajectory.integers("batch_puzzle_identifiers", at: call)
                .map(Int32.init))
    }
    for call in 0..<stored.training.steps_run {
        guard call < stored.training.total_steps else {
            // Beyond the schedule nothing may change.
            func state() -> [[Float]] {
                (engine.tensors(.weights) + engine.tensors(.states)).map(\.values.values)
            }
            let before = state()
            #expect(trainer.advance(with: try batch(call), minimumSteps: []) == nil)
            #expect(state() == before)
            continue
        }
        // Without exploration no step has to be made, and a case need not say so.
        let minimum =
            stored.config.halt_exploration_prob ?? 0 > 0
                || trajectory.names.contains("min_halt_steps")
            ? try trajectory.integers("min_halt_steps", at: call)
            : [Int](repeating: 0, count: trainer.carry.steps.count)
        let result = try #require(
            trainer.advance(with: try batch(call), minimumSteps: minimum, keepsGradients: true))
        let gradients = Dictionary(
            uniqueKeysWithValues: engine.tensors(.gradients).map { ($0.name, $0.values.values) })
        let size = result.outcomes.count
        let name = "step \(result.step)"
        #expect(result.step == call + 1)

        // What was worked on, and what was decided.
        #expect(
            trainer.carry.current.inputs.map(Int.init)
                == (try trajectory.integers("current_inputs", at: call)), "\(name)")
        #expect(
            trainer.carry.current.labels.map(Int.init)
                == (try trajectory.integers("current_labels", at: call)), "\(name)")
        #expect(
            trainer.carry.current.puzzleIdentifiers.map(Int.init)
                == (try trajectory.integers("current_puzzle_identifiers", at: call)), "\(name)")
        #expect(
            result.outcomes.map { $0.hasHalted ? 1 : 0 }
                == (try trajectory.integers("halted", at: call)), "\(name)")
        #expect(
            result.outcomes.map(\.steps) == (try trajectory.integers("steps", at: call)), "\(name)")

        // What was computed.
        expectClose(
            engine.tokenLogits(slots: size),
            try trajectory.floats("logits", at: call), loose, "\(name) logits")
        for (key, values) in [
            ("q_halt_logits", result.outcomes.map(\.qHalt)),
            ("q_continue_logits", result.outcomes.map(\.qContinue)),
            ("next_q_halt_logits", result.outcomes.compactMap(\.next?.qHalt)),
            ("next_q_continue_logits", result.outcomes.compactMap(\.next?.qContinue)),
            (
                "target_q_continue",
                result.outcomes.compactMap { $0.targetQContinue.map { Float($0) } }
            ),
        ] {
            guard trajectory.names.contains(key) else {
                // What the reference does not compute, nothing here does.
                #expect(values.isEmpty, "\(name) \(key)")
                continue
            }
            expectClose(values, try trajectory.floats(key, at: call), loose, "\(name) \(key)")
        }
        expectClose(
            [result.loss], try trajectory.doubles("loss", at: call), loose, "\(name) loss")
        expectClose(
            stored.grad_norm_names.map { name in
                (gradients[name] ?? []).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            }, try trajectory.doubles("grad_norms", at: call),
            Tolerance(absolute: 1e-7, relative: 1e-3), "\(name) gradient norms")
        if call == 0, (try? golden.tensors("grads_step1.safetensors")) != nil {
            let recorded = try golden.tensors("grads_step1.safetensors")
            for (key, values) in gradients
            where recorded.names.contains(key) && key != "puzzle_emb.weights" {
                let expected = try recorded[key].floats
                expectClose(values, expected, .ofMaximum(expected, 1e-4), "\(name) \(key)")
            }
        }

        // What was reported.
        let sums = Dictionary(
            uniqueKeysWithValues: result.metrics.report(lossDivisor: 1).map { ($0.name, $0.value) })
        let reported = Dictionary(
            uniqueKeysWithValues: result.metrics.report(
                lossDivisor: Double(configuration.globalBatchSize)
            ).map { ($0.name, $0.value) })
        let count = max(1, result.metrics.count)
        for metric in stored.metric_names {
            let expected = try trajectory.doubles("metric_sum.\(metric)", at: call)[0]
            let isPlainSum = metric.hasSuffix("loss") || metric == "count"
            let sum = try #require(sums[metric]) * (isPlainSum ? 1 : Double(count))
            expectClose(sum, expected, loose, "\(name) sum of \(metric)")
            if metric != "count" {
                expectClose(
                    try #require(reported[metric]),
                    try trajectory.doubles("reported.\(metric)", at: call)[0], loose,
                    "\(name) \(metric)")
            }
        }
        let exact = Tolerance(relative: 1e-9)
        expectClose(
            result.learningRate, try trajectory.doubles("lr", at: call)[0], exact, "\(name) lr")
        if model.configuration.puzzleEmbeddingSize > 0 {
            expectClose(
                result.puzzleLearningRate, try trajectory.doubles("puzzle_emb_lr", at: call)[0],
                exact, "\(name) puzzle_emb_lr")
            expectClose(
                try engine.values(.weights, "puzzle_emb.weights"),
                try trajectory.floats("puzzle_weights", at: call),
                Tolerance(absolute: 1e-5), "\(name) puzzle_weights")
            let gradient = try #require(gradients["puzzle_emb.weights"])
            let expected = try trajectory.floats("puzzle_local_grad", at: call)
            expectClose(
                gradient, expected, .ofMaximum(expected, 1e-3), "\(name) puzzle_local_grad")
        }
        if call == 0 {
            try engine.settleNoise(
                gradients, layout: model.layout,
                as: golden.tensors("weights_step1.safetensors"),
                averageRate: stored.training.ema_rate)
            try engine.expectWeights(
                golden.tensors("weights_step1.safetensors"), Tolerance(absolute: 1e-6), "step 1")
            try engine.expectStates(trajectory, "step1")
            if configuration.averagesWeights {
                try engine.expectFirstAverage(trajectory, layout: model.layout)
            }
        }
    }
    try engine.expectWeights(
        golden.tensors("weights_final.safetensors"), Tolerance(absolute: 1e-5), "final")
    try engine.expectStates(trajectory, "final")

    if configuration.averagesWeights {
        let weights = try golden.tensors("weights_ema_final.safetensors")
        #expect(model.layout.entries.map(\.name).sorted() == weights.names.sorted())
        for entry in model.layout.entries {
            expectClose(
                try engine.average(of: entry), try weights[entry.name].floats,
                Tolerance(absolute: 1e-5), "average of \(entry.name)")
        }
    }

    if let evaluation = stored.eval_after {
        let first = try batch(0)
        let size = first.puzzleIdentifiers.count
        let evaluated = HierarchicalReasoningModel(
            blank: model.configuration, dimensions: model.dimensions, trainable: false)
        engine.copyWeights(
            average: configuration.averagesWeights, to: evaluated, workers: Workers(count: 2))
        let inference = tested.inference(evaluated, size)
        var carry = Carry(slotCount: size, dimensions: model.dimensions)
        for slot in carry.refill(from: first) { inference.begin(slot, noise: nil) }
        var metrics = StepMetrics()
        for step in 1...evaluation.act_steps {
            metrics = StepMetrics()
            for outcome in inference.infer(
                &carry, first: size, maxSteps: evaluation.act_steps, observer: nil)
            {
                metrics.add(outcome)
                #expect(outcome.hasHalted == (step == evaluation.act_steps))
            }
        }
        expectClose(
            inference.tokenLogits(slots: size),
            try trajectory["eval_logits"].floats,
            loose, "eval_logits")
        expectClose(
            metrics.tokenLoss, try #require(evaluation.metrics["lm_loss"]), loose, "eval lm_loss")
        expectClose(
            metrics.accuracySum, try #require(evaluation.metrics["accuracy"]), loose,
            "eval accuracy")
        #expect(Double(metrics.steps) == evaluation.metrics["steps"])
        #expect(Double(metrics.exactCount) == evaluation.metrics["exact_accuracy"])
        #expect(Double(metrics.qHaltCorrectCount) == evaluation.metrics["q_halt_accuracy"])
    }
}

extension Engine {
    /// Moves entries whose first gradient is nothing but rounding to where the reference moved them.
    ///
    /// The first step of AdamATan2 moves an entry by the sign of its gradient alone. Where terms
    /// cancel to less than a millionth of the tensor's largest gradient, float32 does not know that
    /// sign, and everything after would be compared with a run from other weights.
    ///
    /// - Parameters:
    ///   - gradients: Of the first step, by name.
    ///   - layout: The names and offsets of the weights.
    ///   - recorded: The weights after it.
    ///   - averageRate: The share of the average that is kept; nil without an average.
    /// - Throws: An error that names a tensor that is not there.
    fileprivate func settleNoise(
        _ gradients: [String: [Float]], layout: ParameterLayout, as recorded: GoldenTensors,
        averageRate: Double?
    ) throws {
        var settled = 0
        var averages = averageRate == nil ? [] : try values(.optimizer, "average")
        for entry in layout.entries {
            var weights = try values(.weights, entry.name)
            let expected = try recorded[entry.name].floats
            let gradient = try #require(gradients[entry.name])
            let noise = 1e-6 * (gradient.map(abs).max() ?? 0)
            let doubtful = weights.indices.filter {
                abs(gradient[$0]) < noise && abs(weights[$0] - expected[$0]) > 1e-6
            }
            // What enters an engine is rounded: nothing must without need.
            if doubtful.isEmpty { continue }
            for index in doubtful {
                let value = weights[index]
                weights[index] = expected[index]
                if let averageRate {
                    averages[entry.offset + index] +=
                        Float(1 - averageRate) * (expected[index] - value)
                }
                settled += 1
            }
            try load(weights, as: entry.name, .weights)
        }
        if averageRate != nil, settled > 0 { try load(averages, as: "average", .optimizer) }
        let most = max(2, layout.parameterCount / 10_000)
        #expect(settled <= most, "entries without a sign")
    }

    fileprivate func expectFirstAverage(
        _ trajectory: GoldenTensors, layout: ParameterLayout
    ) throws {
        let prefix = "ema_step1."
        let recorded = layout.entries.filter { trajectory.names.contains(prefix + $0.name) }
        #expect(recorded.count == trajectory.names.count { $0.hasPrefix(prefix) })
        for entry in recorded {
            expectClose(
                try average(of: entry), try trajectory[prefix + entry.name].floats,
                Tolerance(absolute: 1e-6), "average after step 1 of \(entry.name)")
        }
    }
}
