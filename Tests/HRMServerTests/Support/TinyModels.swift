import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import HRMText
import HRMTraining
import _HRMTestSupport

/// Files of small models with random weights.
enum TinyModels {
    /// Writes a model of 4×4 Sudokus.
    static func writeSudoku(to url: URL) throws {
        try ModelFile(model: TinyPuzzles.model(), task: .sudoku(.four)).write(to: url)
    }

    /// Writes a model of 4×4 Sudokus that strikes and pins candidates.
    ///
    /// Its head is random, so that it strikes candidates and finds contradictions now and then.
    static func writeSearch(to url: URL, seed: UInt64) throws {
        var configuration = TinyPuzzles.architecture
        configuration.family = .tiny
        configuration.highLayers = 0
        configuration.puzzleEmbeddingSize = 0
        configuration.puzzleEmbeddingLength = 0
        configuration.positionEncoding = .none
        configuration.relations = [.row, .column, .box]
        configuration.symbolCount = 4
        configuration.ignoresContinue = true
        configuration.lossType = .softmaxCrossEntropy
        configuration.inputEncoding = .candidates
        configuration.haltMaxSteps = 60
        var generator = SeededGenerator(seed: seed)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
        let weight = model.layout.entry("candidate_head.weight")
        weight.matrix(in: model.parameters).assign(
            (0..<weight.count).map { _ in Float.random(in: -2...2, using: &generator) })
        var biases = [Float](repeating: 0, count: CandidateOutput.count)
        (biases[CandidateOutput.keep], biases[CandidateOutput.conflict]) = (1, -6)
        model.layout.entry("candidate_head.bias").matrix(in: model.parameters).assign(biases)
        try ModelFile(model: model, task: .sudoku(.four)).write(to: url)
    }

    /// Writes a model of ARC tasks with a canvas of 4×4 cells, which knows the task `tiny`.
    static func writeARC(in folder: URL) throws {
        let canvas = ARCCanvas(size: 4)
        var generator = SeededGenerator(seed: 3)
        let model = HierarchicalReasoningModel(
            configuration: TinyPuzzles.architecture,
            dimensions: PuzzleDimensions(
                vocabularySize: ARCCanvas.vocabularySize, sequenceLength: canvas.sequenceLength,
                puzzleIdentifierCount: 2),
            using: &generator)
        let run = try RunFolder.create(at: folder)
        try ModelFile(model: model).write(to: run.checkpointURL)
        try run.write(identifiers: ["<blank>", "tiny"])
    }

    /// Writes a text model with its tokenizer.
    static func writeText(to folder: URL) throws {
        let configuration = TextConfiguration(
            vocabularySize: 288, hiddenSize: 16, innerSize: 24, headCount: 2, headSize: 8,
            layersPerStack: 1, highCycles: 1, lowCycles: 1, embeddingScale: 3,
            initializerRange: 0.3, normEpsilon: 1e-5, rotaryBase: 1000, hasPrefixAttention: true,
            hasTiedHead: false, hasAttentionBias: false, hasInnerBias: false,
            lowCyclesWithGradient: [], contextLength: 64, paddingToken: 5, beginToken: 6,
            endTokens: [11])
        var generator = SeededGenerator(seed: 4)
        let parameters = TextParameters(configuration, using: &generator)
        try parameters.write(
            to: folder, configuration: configuration,
            initialLow: TextParameters.initialLow(configuration, using: &generator),
            precision: .float32)
        try TokenizerTrainer(vocabularySize: 287).train()
            .write(to: folder.appendingPathComponent("tokenizer.json"))
    }
}
