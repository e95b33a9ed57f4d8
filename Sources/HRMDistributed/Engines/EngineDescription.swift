import HRMModel

/// What the processes need to know to create the engines of one model.
struct EngineDescription: Equatable {
    /// The architecture.
    var configuration: HRMConfiguration
    /// The dimensions that the data set determines.
    var dimensions: PuzzleDimensions
    /// The slots of a step of a training, or all slots in inference.
    var batchSize: Int
    /// The number of interleaved batches.
    var batches = 1
    /// The threads of each process.
    var workers: Int
    /// The optimizers; nil for inference.
    var optimizers: OptimizerDescription?
}

extension MessageWriter {
    mutating func add(_ description: EngineDescription) {
        let settings = HRMConfiguration.settings
        add(settings.count)
        for setting in settings {
            add(setting.key)
            add(setting.read(description.configuration).text)
        }
        add(description.dimensions.vocabularySize)
        add(description.dimensions.sequenceLength)
        add(description.dimensions.puzzleIdentifierCount)
        add(description.batchSize)
        add(description.batches)
        add(description.workers)
        add(description.optimizers != nil)
        guard let optimizers = description.optimizers else { return }
        for value in [
            optimizers.beta1, optimizers.beta2, optimizers.weightDecay,
            optimizers.puzzleWeightDecay,
        ] { add(value) }
        add(optimizers.freezesWeights)
        add(optimizers.averagesWeights)
        add(optimizers.muon != nil)
        guard let muon = optimizers.muon else { return }
        for value in [muon.learningRate, muon.momentum, muon.weightDecay] { add(value) }
        add(muon.iterations)
    }
}

extension MessageReader {
    mutating func engineDescription() throws(Problem) -> EngineDescription {
        var texts: [String: String] = [:]
        for _ in 0..<(try integer(in: 0...1000)) { texts[try text()] = try text() }
        var configuration = HRMConfiguration()
        // The meaning of some values depends on the family.
        for dependent in [false, true] {
            for setting in HRMConfiguration.settings where setting.dependsOnFamily == dependent {
                guard let text = texts[setting.key], setting.write(&configuration, text) else {
                    throw Problem(reason: "no usable \(setting.key)")
                }
            }
        }
        do throws(ConfigurationError) {
            try configuration.validate()
        } catch {
            throw Problem(reason: "\(error)")
        }
        let counts = 1...(1 << 31)
        var description = EngineDescription(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: try integer(in: counts), sequenceLength: try integer(in: counts),
                puzzleIdentifierCount: try integer(in: counts)),
            batchSize: try integer(in: counts), batches: try integer(in: counts),
            workers: try integer(in: 1...1024))
        if try flag() { description.optimizers = try optimizers() }
        return description
    }

    private mutating func optimizers() throws(Problem) -> OptimizerDescription {
        var result = OptimizerDescription()
        result.beta1 = try double()
        result.beta2 = try double()
        result.weightDecay = try double()
        result.puzzleWeightDecay = try double()
        result.freezesWeights = try flag()
        result.averagesWeights = try flag()
        if try flag() {
            var muon = MuonSettings()
            muon.learningRate = try double()
            muon.momentum = try double()
            muon.weightDecay = try double()
            muon.iterations = try integer(in: 1...100)
            result.muon = muon
        }
        return result
    }
}
