import HRMModel
import HRMTensor

/// One key of the configuration: its name, what it takes, and how it is read and written.
///
/// The table ``all`` is the only place that knows the keys.
struct ConfigurationSetting: Sendable {
    /// The name with its sections: `arch.H_cycles`.
    let key: String
    /// What a value must be; reads on after "expects".
    let expectation: String
    /// Whether `null` is a value.
    var acceptsNull = false
    /// Whether its values are numbers.
    var isNumber: Bool { expectation.contains("number") }
    /// The value that a file without the key means; nil when a file must have the key.
    var fallback: String?
    /// The property, for messages about it; nil for a constant.
    let property: (@Sendable () -> PartialKeyPath<TrainingConfiguration>)?
    /// The current value.
    let read: @Sendable (TrainingConfiguration) -> ConfigurationScalar
    /// Takes a value as it is written; false when it is not of the kind that is expected.
    let write: @Sendable (inout TrainingConfiguration, String) -> Bool

    /// The last part of the key.
    var shortKey: Substring { key.split(separator: ".").last ?? "" }

    /// The setting of one property.
    static func of(_ path: PartialKeyPath<TrainingConfiguration>) -> Self? {
        all.first { $0.property?() == path }
    }

    /// The setting of a key, spelled in full or by its last part where only one setting has it.
    static func named(_ key: String) -> Self? {
        if let setting = all.first(where: { $0.key == key }) { return setting }
        let candidates = all.filter { $0.shortKey == key }
        return candidates.count == 1 ? candidates[0] : nil
    }
}

// MARK: - The table

extension ConfigurationSetting {
    /// All settings, sorted by key as the reference writes them.
    static let all: [Self] = [
        integer("arch.H_cycles", \.architecture.highCycles),
        integer("arch.H_layers", \.architecture.highLayers),
        integer("arch.L_cycles", \.architecture.lowCycles),
        integer("arch.L_layers", \.architecture.lowLayers),
        number("arch.expansion", \.architecture.expansion),
        choice("arch.forward_dtype", \.architecture.forwardPrecision, fallback: .bfloat16),
        optionalInteger("arch.grad_applications", \.architecture.gradientApplications),
        number("arch.halt_exploration_prob", \.architecture.haltExplorationProbability),
        integer("arch.halt_max_steps", \.architecture.haltMaxSteps),
        integer("arch.hidden_size", \.architecture.hiddenSize),
        number("arch.loss.label_smoothing", \.architecture.labelSmoothing, fallback: 0),
        choice("arch.loss.loss_type", \.architecture.lossType),
        constant("arch.loss.name", "losses@ACTLossHead"),
        number("arch.loss.step_weight", \.architecture.lossStepWeight, fallback: 1),
        flag("arch.mlp_t", \.architecture.mixesPositions, fallback: false),
        choice(
            "arch.name", \.architecture.family, fallback: .hierarchical,
            synonyms: ["recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1": .hierarchical]),
        flag("arch.no_ACT_continue", \.architecture.ignoresContinue, fallback: false),
        integer("arch.num_heads", \.architecture.headCount),
        choice("arch.pos_encodings", \.architecture.positionEncoding),
        integer("arch.puzzle_emb_len", \.architecture.puzzleEmbeddingLength, fallback: 0),
        integer("arch.puzzle_emb_ndim", \.architecture.puzzleEmbeddingSize, fallback: 0),
        list("arch.relations", \.architecture.relations),
        number("arch.rms_norm_eps", \.architecture.normEpsilon, fallback: 1e-5),
        number("arch.rope_theta", \.architecture.ropeTheta, fallback: 10000),
        integer("arch.symbols", \.architecture.symbolCount, fallback: 0),
        flag("arch.zero_init_proj", \.architecture.startsWithoutOutput, fallback: false),
        choice("augment", \.augmentation, fallback: .never),
        number("batch_warmup_start", \.batchWarmupStart, fallback: 0.125),
        integer("batch_warmup_steps", \.batchWarmupSteps, fallback: 0),
        choice("best_metric", \.watchedMetric, fallback: .exactAccuracy),
        number("beta1", \.beta1),
        number("beta2", \.beta2),
        flag("checkpoint_every_eval", \.checkpointsEveryEvaluation, fallback: false),
        text("data_path", \.dataPath),
        curriculum("depth_curriculum", \.depthCurriculum, of: "NxT", like: "0:1x2,0.3:2x4,0.6:3x6"),
        flag("ema", \.averagesWeights, fallback: false),
        number("ema_rate", \.averageRate, fallback: 0.999),
        flag("ema_warmup", \.warmsUpAverage, fallback: false),
        integer("epochs", \.epochs),
        optionalInteger("eval_interval", \.evaluationInterval),
        integer("global_batch_size", \.globalBatchSize),
        flag("freeze_weights", \.freezesWeights, fallback: false),
        choice("guard.action", \.guards.action, fallback: .stop),
        number("guard.collapse_ratio", \.guards.collapseRatio, fallback: 0),
        optionalNumber("guard.early_stop_accuracy", \.guards.earlyStopAccuracy),
        number("guard.restore_factor", \.guards.restoreFactor, fallback: 0.5),
        integer("guard.restore_limit", \.guards.restoreLimit, fallback: 3),
        number("init_state_noise", \.startNoise, fallback: 0),
        optionalText("load_checkpoint", \.startingWeights),
        number("lr", \.learningRate),
        number("lr_decay_share", \.decayShare, fallback: 0.2),
        number("lr_min_ratio", \.learningRateMinimumRatio),
        choice("lr_schedule", \.learningRateShape, fallback: .cosine),
        integer("lr_warmup_steps", \.warmupSteps),
        number("muon.lr", \.muon.learningRate, fallback: 0.02),
        number("muon.momentum", \.muon.momentum, fallback: 0.95),
        integer("muon.steps", \.muon.iterations, fallback: 5),
        number("muon.weight_decay", \.muon.weightDecay, fallback: 0.1),
        integer("open_batches", \.openBatches, fallback: 1),
        choice("optimizer", \.optimizer, fallback: .adamATan2),
        number("puzzle_emb_lr", \.puzzleEmbeddingLearningRate),
        number("puzzle_emb_weight_decay", \.puzzleEmbeddingWeightDecay),
        unsigned("seed", \.seed, fallback: 0),
        curriculum("segment_curriculum", \.segmentCurriculum, of: "segments", like: "0:2,0.1:16"),
        flag("stagger_slots", \.staggersSlots, fallback: false),
        number("weight_decay", \.weightDecay),
    ]
}

// MARK: - Files

extension ConfigurationSetting {
    /// Whether a file without the key means something that the model's family decides.
    var dependsOnFamily: Bool {
        ["arch.L_cycles", "arch.L_layers", "arch.no_ACT_continue", "arch.puzzle_emb_len"]
            .contains(key)
    }

    /// The value that a file without the key means: the default of the family's reference, or what
    /// this package did before it had the key; nil when a file must have it.
    ///
    /// None of these values may ever change, since files leave out what is equal to them.
    ///
    /// - Parameter architecture: The model, save for the keys that ``dependsOnFamily``.
    /// - Returns: The value as it is written on the command line.
    func value(missingIn architecture: HRMConfiguration) -> String? {
        switch (architecture.family, key) {
        case (.tiny, "arch.no_ACT_continue"): "true"
        // Without an embedding there is nothing that could take positions.
        case (.tiny, "arch.puzzle_emb_len"): architecture.puzzleEmbeddingSize > 0 ? "16" : "0"
        // The baseline has one stack, and no cycles.
        case (.transformer, "arch.L_cycles"): "1"
        case (.transformer, "arch.L_layers"): "0"
        default: fallback
        }
    }

    /// Whether a file has the key, so that it means the same here and to the family's reference.
    func isWritten(of configuration: TrainingConfiguration) -> Bool {
        let architecture = configuration.architecture
        // The classes of models that the reference's files name have no default.
        if property == nil || key == "arch.name" { return true }
        // The reference takes 16 positions even where there is no embedding.
        if key == "arch.puzzle_emb_len", architecture.family == .tiny {
            return architecture.puzzleEmbeddingLength != 16
        }
        return read(configuration).text != value(missingIn: architecture)
    }
}

// MARK: - Kinds of settings

extension ConfigurationSetting {
    private typealias Path<Value> = any WritableKeyPath<TrainingConfiguration, Value> & Sendable

    private static func setting<Value>(
        _ key: String, _ path: Path<Value>, expects expectation: String, acceptsNull: Bool = false,
        fallback: Value? = nil, scalar: @escaping @Sendable (Value) -> ConfigurationScalar,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Self {
        Self(
            key: key, expectation: expectation, acceptsNull: acceptsNull,
            fallback: fallback.map { scalar($0).text }, property: { path },
            read: { scalar($0[keyPath: path]) },
            write: { configuration, text in
                guard let value = parse(text) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    private static func integer(
        _ key: String, _ path: Path<Int>, fallback: Int? = nil
    ) -> Self {
        setting(
            key, path, expects: "a whole number", fallback: fallback,
            scalar: ConfigurationScalar.integer, parse: { Int($0) })
    }

    private static func unsigned(
        _ key: String, _ path: Path<UInt64>, fallback: UInt64? = nil
    ) -> Self {
        setting(
            key, path, expects: "a whole number from 0 to \(UInt64.max)", fallback: fallback,
            scalar: ConfigurationScalar.unsigned, parse: { UInt64($0) })
    }

    private static func optionalInteger(_ key: String, _ path: Path<Int?>) -> Self {
        setting(
            key, path, expects: "a whole number or null", acceptsNull: true,
            fallback: .some(nil),
            scalar: { $0.map(ConfigurationScalar.integer) ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : Int($0).map { .some($0) } })
    }

    private static func number(
        _ key: String, _ path: Path<Double>, fallback: Double? = nil
    ) -> Self {
        setting(
            key, path, expects: "a number", fallback: fallback,
            scalar: ConfigurationScalar.number, parse: decimal)
    }

    private static func optionalNumber(_ key: String, _ path: Path<Double?>) -> Self {
        setting(
            key, path, expects: "a number or null", acceptsNull: true, fallback: .some(nil),
            scalar: { $0.map(ConfigurationScalar.number) ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : decimal($0).map { .some($0) } })
    }

    private static func flag(_ key: String, _ path: Path<Bool>, fallback: Bool? = nil) -> Self {
        setting(
            key, path, expects: "true or false", fallback: fallback,
            scalar: ConfigurationScalar.flag, parse: { Bool($0.lowercased()) })
    }

    private static func text(_ key: String, _ path: Path<String>) -> Self {
        setting(
            key, path, expects: "a text", scalar: ConfigurationScalar.text, parse: { $0 })
    }

    private static func optionalText(_ key: String, _ path: Path<String?>) -> Self {
        setting(
            key, path, expects: "a file, a run folder or null", acceptsNull: true,
            fallback: .some(nil), scalar: { $0.map(ConfigurationScalar.text) ?? .null },
            // What a variable without a value leaves is a mistake, and not the wish for new weights.
            parse: { isWrittenNull($0) ? .some(nil) : $0.isEmpty ? nil : .some($0) })
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: Path<Value>, fallback: Value? = nil,
        synonyms: [String: Value] = [:]
    ) -> Self {
        setting(
            key, path,
            expects: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: fallback, scalar: { .text($0.rawValue) },
            parse: { Value(rawValue: $0) ?? synonyms[$0] })
    }

    /// Names separated by commas, in the order that is given; `none` for no name.
    private static func list<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: Path<[Value]>
    ) -> Self {
        setting(
            key, path,
            expects: "none, or some of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: [],
            scalar: { .text($0.isEmpty ? "none" : $0.map(\.rawValue).joined(separator: ",")) },
            parse: { text in
                if text == "none" { return [] }
                let names = text.split(separator: ",", omittingEmptySubsequences: false)
                let values = names.compactMap { Value(rawValue: String($0)) }
                return values.count == names.count ? values : nil
            })
    }

    private static func curriculum<Value>(
        _ key: String, _ path: Path<Curriculum<Value>?>, of name: String, like example: String
    ) -> Self {
        setting(
            key, path,
            expects: "null or stages of growing shares, share:\(name), such as \(example)",
            acceptsNull: true, fallback: .some(nil),
            scalar: { $0.map { .text($0.text) } ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : Curriculum($0).map { .some($0) } })
    }

    /// A key that names the reference's classes: it must be there for the reference, and a file that
    /// says something else describes a model that is not this one.
    private static func constant(_ key: String, _ value: String) -> Self {
        Self(
            key: key, expectation: value, fallback: value, property: nil,
            read: { _ in .text(value) }, write: { $1 == value })
    }

    /// Whether YAML reads the text as no value.
    static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// Whether a setting is written as no value: in words, since nothing at all is easily written by
    /// mistake.
    private static func isWrittenNull(_ text: String) -> Bool { !text.isEmpty && isNull(text) }

    /// A finite decimal number; Swift's own reading would also take hexadecimal and `nan`.
    @Sendable private static func decimal(_ text: String) -> Double? {
        guard text.allSatisfy({ "+-.0123456789eE".contains($0) }), let value = Double(text),
            value.isFinite
        else { return nil }
        return value
    }
}
