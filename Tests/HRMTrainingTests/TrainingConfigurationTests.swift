import HRMInference
import HRMModel
import HRMTensor
import HRMTraining
import Testing

@Suite struct TrainingConfigurationTests {
    @Test(arguments: [
        "arch.H_cycles=3", "H_cycles=3",
    ])
    func keysCanBeShort(_ assignment: String) throws {
        var configuration = TrainingConfiguration()
        try configuration.set(assignment)
        #expect(configuration.architecture.highCycles == 3)
    }

    @Test func namesOfEarlierVersionsAreRead() throws {
        var configuration = TrainingConfiguration()
        try configuration.set("open_batches=3")
        #expect(configuration.interleavedBatches == 3)
        let text = try configuration.yaml()
        #expect(text.contains("interleaved_batches: 3"))
        let earlier = text.replacing("interleaved_batches", with: "open_batches")
        #expect(try TrainingConfiguration(yaml: earlier, path: "f").interleavedBatches == 3)
        #expect(throws: ConfigurationFileError.self) {
            try TrainingConfiguration(yaml: text + "open_batches: 2\n", path: "f")
        }
        #expect(HaltingRule("settled") == .converged)
        #expect("\(HaltingRule.converged)" == "converged")
    }

    @Test func everyKindOfValueIsRead() throws {
        var configuration = TrainingConfiguration()
        for assignment in [
            "lr=7e-5", "weight_decay=1", "seed=18446744073709551615", "eval_interval=null",
            "checkpoint_every_eval=False", "data_path=a=b c", "arch.expansion=2.5",
            "forward_dtype=float32", "arch.loss.loss_type=softmax_cross_entropy",
            "pos_encodings=learned", "puzzle_emb_ndim=0",
            "arch.name=hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1", "optimizer=muon",
            "zero_init_proj=true", "step_weight=0.7", "depth_curriculum=0:1x2,0.5:2x2",
            "muon.lr=0.005", "lr_schedule=wsd", "lr_decay_share=0.4", "label_smoothing=0.2",
        ] {
            try configuration.set(assignment)
        }
        #expect(configuration.learningRate == 7e-5)
        #expect(configuration.weightDecay == 1)
        #expect(configuration.seed == .max)
        #expect(configuration.evaluationInterval == nil)
        #expect(!configuration.checkpointsEveryEvaluation)
        #expect(configuration.dataPath == "a=b c")
        #expect(configuration.architecture.expansion == 2.5)
        #expect(configuration.architecture.forwardPrecision == .float32)
        #expect(configuration.architecture.lossType == .softmaxCrossEntropy)
        #expect(configuration.architecture.positionEncoding == .learned)
        #expect(configuration.architecture.puzzleEmbeddingSize == 0)
        #expect(configuration.optimizer == .muon)
        #expect(configuration.muon.learningRate == 0.005)
        #expect(configuration.learningRateShape == .stable)
        #expect(configuration.decayShare == 0.4)
        #expect(configuration.architecture.labelSmoothing == 0.2)
        #expect(configuration.architecture.zeroInitializesOutputs)
        #expect(configuration.architecture.lossStepWeight == 0.7)
        #expect(configuration.depthCurriculum?.stages.map(\.start) == [0, 0.5])
        try configuration.set("depth_curriculum=null")
        #expect(configuration.depthCurriculum == nil)
        try configuration.set("eval_interval=5")
        #expect(configuration.evaluationInterval == 5)
    }

    @Test(arguments: [
        ("H_cycle=2", "H_cycle", "did you mean arch.H_cycles?"),
        ("arch.hcycles=2", "arch.hcycles", "did you mean arch.H_cycles?"),
        ("learning_rate=2", "learning_rate", "is not known; 'hrm presets' lists all keys"),
        ("batch_size=2", "batch_size", "is not known"),
        ("wieght_decay=2", "wieght_decay", "did you mean weight_decay?"),
        ("LR=2", "LR", "did you mean lr?"),
        ("k0=1", "k0", "is not known; 'hrm presets' lists all keys"),
        ("name=2", "name", "is not known"),
        ("run_name=x", "run_name", "is a key of the reference without effect here"),
        ("=1", "", "is not known"),
        ("lr", "lr", "write it as key=value"),
    ])
    func unknownKeysAreExplained(_ assignment: String, _ key: String, _ words: String) {
        var configuration = TrainingConfiguration()
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.set(assignment)
        }
        #expect(error?.key == key)
        #expect(error?.description.contains(words) == true, "\(error as Any)")
        #expect(configuration == TrainingConfiguration())
    }

    @Test func messagesClipWhatIsLong() {
        var configuration = TrainingConfiguration()
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.set("lr=" + String(repeating: "x", count: 1_000_000))
        }
        #expect(error?.value == String(repeating: "x", count: 80) + "…")
    }

    @Test(arguments: [
        ("epochs=1.5", "a whole number"), ("epochs=99999999999999999999", "a whole number"),
        ("lr=fast", "a number"), ("lr=nan", "a number"), ("lr=0x1p3", "a number"),
        ("lr=", "a number"), ("lr=1e999", "a number"), ("seed=-1", "a whole number from 0 to"),
        ("checkpoint_every_eval=1", "true or false"),
        ("eval_interval=no", "a whole number or null"),
        ("forward_dtype=float16", "one of float32, bfloat16"),
        ("arch.loss.loss_type=mse", "one of stablemax_cross_entropy, softmax_cross_entropy"),
        (
            "arch.name=trm",
            "one of hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1, "
                + "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1"
        ),
        ("arch.mlp_t=1", "true or false"), ("puzzle_emb_len=x", "a whole number"),
    ])
    func wrongKindsAreExplained(_ assignment: String, _ expected: String) {
        var configuration = TrainingConfiguration()
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.set(assignment)
        }
        #expect(error?.requirement.contains("must be \(expected)") == true, "\(error as Any)")
        #expect(configuration == TrainingConfiguration())
    }

    @Test(arguments: [
        ("global_batch_size=0", "global_batch_size"), ("epochs=0", "epochs"), ("lr=0", "lr"),
        ("lr=-1e-4", "lr"), ("puzzle_emb_lr=0", "puzzle_emb_lr"), ("beta1=1", "beta1"),
        ("beta2=-0.1", "beta2"), ("lr_min_ratio=1.1", "lr_min_ratio"),
        ("lr_warmup_steps=-1", "lr_warmup_steps"), ("weight_decay=-1", "weight_decay"),
        ("puzzle_emb_weight_decay=1001", "puzzle_emb_weight_decay"),
        ("eval_interval=0", "eval_interval"), ("num_heads=7", "num_heads"),
        ("muon.lr=0", "muon.lr"), ("muon.momentum=1", "muon.momentum"),
        ("muon.steps=0", "muon.steps"), ("muon.weight_decay=-1", "muon.weight_decay"),
        ("lr_decay_share=0", "lr_decay_share"), ("lr_decay_share=1.5", "lr_decay_share"),
        ("label_smoothing=1", "label_smoothing"), ("step_weight=0", "step_weight"),
        ("step_weight=1.1", "step_weight"), ("batch_warmup_steps=-1", "batch_warmup_steps"),
        ("batch_warmup_start=0", "batch_warmup_start"), ("init_state_noise=-1", "init_state_noise"),
    ])
    func validationNamesTheKey(_ assignment: String, _ key: String) throws {
        var configuration = TrainingConfiguration()
        try configuration.set(assignment)
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == key)
        #expect(error.map { "\($0.key)=\($0.value)" }?.hasPrefix("\(key)=") == true)
        #expect(error?.requirement.hasPrefix("must") == true)
    }

    @Test func notANumberIsRefused() {
        var configuration = TrainingConfiguration()
        configuration.weightDecay = .nan
        #expect(
            throws: ConfigurationError(
                key: "weight_decay", value: "nan", requirement: "must be between 0 and 1000")
        ) { try configuration.validate() }
    }

    @Test(arguments: Preset.allCases)
    func presetsAreValid(_ preset: Preset) throws {
        try preset.configuration.validate()
        #expect(!preset.summary.isEmpty && !preset.summary.contains("\n"))
    }

    /// Parameters as published: 7M with attention; the mixer has fewer, since 97 positions are mixed.
    @Test(arguments: [
        (Preset.trmSudokuAttention, 6_828_034, 3, 6), (.trmSudokuExtreme, 5_028_866, 3, 6),
        (.trmMazeHard, 6_822_914, 3, 4), (.transformerSudokuExtreme, 27_275_266, 1, 1),
    ])
    func theOtherFamiliesAreAsPublished(
        preset: Preset, parameters: Int, highCycles: Int, lowCycles: Int
    ) {
        let configuration = preset.configuration
        let architecture = configuration.architecture
        let layout = ParameterLayout(configuration: architecture, dimensions: preset.dimensions)
        #expect(layout.parameterCount == parameters)
        #expect(architecture.highCycles == highCycles && architecture.lowCycles == lowCycles)
        #expect(configuration.weightDecay == 1 && configuration.puzzleEmbeddingWeightDecay == 1)
        #expect(configuration.learningRate == configuration.puzzleEmbeddingLearningRate)
        let isTiny = architecture.family == .tiny
        #expect(configuration.epochs == (isTiny ? 50_000 : 20_000))
        #expect(configuration.globalBatchSize == (isTiny ? 768 : 384))
        #expect(configuration.averagesWeights == isTiny)
        #expect(architecture.ignoresContinue == isTiny)
        #expect(architecture.trainsContinue == false)
        #expect(architecture.haltMaxSteps == (isTiny ? 16 : 1))
    }

    /// The presets for shared weights have the sizes that the documents tell, for every board.
    @Test(arguments: [
        (Preset.sudoku(symbols: 4), 6, 16, 46_850), (Preset.sudoku(symbols: 6), 8, 36, 48_514),
        (Preset.sudokuTiny.configuration, 11, 81, 51_970),
        (Preset.mazeTiny.configuration, 6, 81, 82_818),
        (Preset.mazeTiny.configuration, 6, 900, 82_818),
        (Preset.gridTiny.configuration, 5, 36, 369_410), (Preset.grid(symbols: 2), 5, 36, 107_266),
    ])
    func sharedWeightsAreFew(
        configuration: TrainingConfiguration, tokens: Int, cells: Int, parameters: Int
    ) throws {
        let dimensions = PuzzleDimensions(
            vocabularySize: tokens, sequenceLength: cells, puzzleIdentifierCount: 1)
        try configuration.validate(for: dimensions)
        let layout = ParameterLayout(
            configuration: configuration.architecture, dimensions: dimensions)
        #expect(layout.parameterCount == parameters)
        #expect(configuration.optimizer == .muon && configuration.architecture.applications == 6)
    }

    @Test func sudokuExtremeIsThePublishedSetting() throws {
        let configuration = try #require(Preset(rawValue: "sudoku-extreme")).configuration
        #expect(configuration.architecture == HRMConfiguration())
        #expect(configuration.globalBatchSize == 384)
        #expect(configuration.epochs == 20_000)
        #expect(configuration.learningRate == 7e-5)
        #expect(configuration.puzzleEmbeddingLearningRate == 7e-5)
        #expect(configuration.weightDecay == 1)
        #expect(configuration.puzzleEmbeddingWeightDecay == 1)
        #expect(configuration.warmupSteps == 2000)
        #expect(configuration.learningRateMinimumRatio == 1)
    }
}
