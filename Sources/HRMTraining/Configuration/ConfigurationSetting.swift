import HRMModel
import HRMTensor

/// A configuration key: its name, its expected value, and how it is read and written.
///
/// The table ``all`` is the single list of keys.
struct ConfigurationSetting: Sendable {
    /// The name including sections, such as `arch.H_cycles`.
    let key: String
    /// The expected kind of value; continues a sentence after "expects".
    let expectation: String
    /// True if `null` is a valid value.
    var acceptsNull = false
    /// The value implied by a file without the key; nil if the key is required.
    var fallback: String?
    /// The corresponding property, for messages; nil for a constant.
    let property: (@Sendable () -> PartialKeyPath<TrainingConfiguration>)?
    /// Returns the current value.
    let read: @Sendable (TrainingConfiguration) -> ConfigurationScalar
    /// Parses and assigns a value; false if it is not of the expected kind.
    let write: @Sendable (inout TrainingConfiguration, String) -> Bool

    /// The last component of the key.
    var shortKey: Substring { key.split(separator: ".").last ?? "" }

    /// Whether a file without the key asks for nothing: a flag that is off, or a list without a name.
    var isNeutralWhenMissing: Bool { ["false", "none"].contains(fallback) }

    /// Returns the setting of a property.
    static func of(_ path: PartialKeyPath<TrainingConfiguration>) -> Self? {
        all.first { $0.property?() == path }
    }

    /// Returns the setting with a key, given in full or by an unambiguous last component.
    static func named(_ key: String) -> Self? {
        if let setting = all.first(where: { $0.key == key }) { return setting }
        let candidates = all.filter { $0.shortKey == key }
        return candidates.count == 1 ? candidates[0] : nil
    }
}

// MARK: - The table

extension ConfigurationSetting {
    /// All settings, sorted by key as in the reference's files.
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
    /// True if the value implied by a missing key depends on the model family.
    var dependsOnFamily: Bool {
        ["arch.L_cycles", "arch.L_layers", "arch.no_ACT_continue", "arch.puzzle_emb_len"]
            .contains(key)
    }

    /// Returns the value implied by a file without the key: the default of the family's reference,
    /// or this package's behaviour before the key existed; nil if the key is required.
    ///
    /// These values must never change, since files omit keys that equal them.
    ///
    /// - Parameter architecture: The model, apart from the keys with ``dependsOnFamily``.
    /// - Returns: The value in command-line syntax.
    func value(missingIn architecture: HRMConfiguration) -> String? {
        switch (architecture.family, key) {
        case (.tiny, "arch.no_ACT_continue"): "true"
        // Without an embedding there are no prefix positions.
        case (.tiny, "arch.puzzle_emb_len"): architecture.puzzleEmbeddingSize > 0 ? "16" : "0"
        // The baseline has one stack and no cycles.
        case (.transformer, "arch.L_cycles"): "1"
        case (.transformer, "arch.L_layers"): "0"
        default: fallback
        }
    }

    /// True if the key must be written for the file to mean the same here and in the family's
    /// reference.
    func isWritten(of configuration: TrainingConfiguration) -> Bool {
        let architecture = configuration.architecture
        // The model class names of the reference have no default.
        if property == nil || key == "arch.name" { return true }
        // The reference reserves 16 positions even without an embedding.
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
            parse: { isNull($0) ? .some(nil) : Int($0).map { .some($0) } })
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
            parse: { isNull($0) ? .some(nil) : decimal($0).map { .some($0) } })
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
            parse: { isNull($0) ? .some(nil) : .some($0) })
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

    /// A comma-separated list of names in the given order; `none` for an empty list.
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
            parse: { isNull($0) ? .some(nil) : Curriculum($0).map { .some($0) } })
    }

    /// A key that names one of the reference's classes: required by the reference, and any other
    /// value describes a different model.
    private static func constant(_ key: String, _ value: String) -> Self {
        Self(
            key: key, expectation: value, fallback: value, property: nil,
            read: { _ in .text(value) }, write: { $1 == value })
    }

    /// True if YAML reads the text as null.
    static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// Parses a finite decimal number; `Double.init` would also accept hexadecimal and `nan`.
    @Sendable private static func decimal(_ text: String) -> Double? {
        guard text.allSatisfy({ "+-.0123456789eE".contains($0) }), let value = Double(text),
            value.isFinite
        else { return nil }
        return value
    }
}
