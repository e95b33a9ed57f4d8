import Foundation
import HRMModel
import Testing

@Suite struct HRMConfigurationTests {
    @Test func thePublishedSettingIsValid() throws {
        let configuration = HRMConfiguration()
        try configuration.validate()
        #expect(configuration.headSize == 64)
        #expect(configuration.innerSize == 1536)
        #expect(configuration.prefixLength == 1)
    }

    @Test(arguments: [
        // 4 · 384 · 2/3 = 1024 is a multiple of 256 already; one more is not.
        (384, 4.0, 1024), (385, 4.0, 1280), (96, 4.0, 256), (97, 4.0, 512), (1, 0.1, 0),
        (12, 1.0, 256), (512, 4.0, 1536),
        // Halves go to even: 256.5 becomes 256, 257.5 becomes 258.
        (513, 0.75, 256), (515, 0.75, 512),
    ])
    func theInnerSizeIsRoundedUp(width: Int, expansion: Double, expected: Int) {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = width
        configuration.expansion = expansion
        #expect(configuration.innerSize == expected)
    }

    /// Beside means it is a multiple of 64, also where the features with their means are as many as
    /// those of a position: 5 symbols and the means over symbols and three relations.
    @Test(arguments: [
        (2, [], 32, 64), (9, [], 144, 64), (5, [BoardRelation.row, .column, .box], 80, 64),
        (0, [.neighbours], 64, 128), (9, [.row, .column, .box], 144, 64),
    ])
    func besideMeansItIsRoundedLess(
        symbols: Int, relations: [BoardRelation], width: Int, expected: Int
    ) {
        var configuration = HRMConfiguration()
        configuration.symbolCount = symbols
        configuration.relations = relations
        configuration.hiddenSize = width
        configuration.expansion = 1.2
        #expect(configuration.innerSize == expected)
    }

    @Test(arguments: [(0, 512, 0), (1, 512, 1), (512, 512, 1), (513, 512, 2), (17, 12, 2)])
    func thePuzzleTakesWholePositions(puzzleWidth: Int, width: Int, expected: Int) {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = width
        configuration.puzzleEmbeddingSize = puzzleWidth
        #expect(configuration.prefixLength == expected)
    }

    private struct Mistake: Sendable {
        var key: String
        var value: String
        var change: @Sendable (inout HRMConfiguration) -> Void
    }

    private static let mistakes: [Mistake] = [
        Mistake(key: "hidden_size", value: "0") { $0.hiddenSize = 0 },
        Mistake(key: "hidden_size", value: "-8") { $0.hiddenSize = -8 },
        Mistake(key: "hidden_size", value: "16385") { $0.hiddenSize = 16385 },
        Mistake(key: "num_heads", value: "0") { $0.headCount = 0 },
        Mistake(key: "num_heads", value: "-2") { $0.headCount = -2 },
        Mistake(key: "num_heads", value: "7") { $0.headCount = 7 },
        Mistake(key: "num_heads", value: "512") { $0.headCount = 512 },
        Mistake(key: "symbols", value: "-1") { $0.symbolCount = -1 },
        Mistake(key: "symbols", value: "1") { $0.symbolCount = 1 },
        Mistake(key: "symbols", value: "7") { $0.symbolCount = 7 },
        Mistake(key: "symbols", value: "2") { $0.symbolCount = 2 },
        Mistake(key: "relations", value: "row,row") {
            $0.relations = [.row, .row]
            $0.positionEncoding = .none
            $0.puzzleEmbeddingSize = 0
        },
        // Rotary positions and a puzzle embedding in front.
        Mistake(key: "relations", value: "row") { $0.relations = [.row] },
        Mistake(key: "board_columns", value: "3") { $0.boardColumns = 3 },
        Mistake(key: "relations", value: "row,box") {
            $0.relations = [.row, .box]
            $0.mixesPositions = true
            $0.positionEncoding = .none
            $0.puzzleEmbeddingSize = 0
        },
        Mistake(key: "expansion", value: "0.0") { $0.expansion = 0 },
        Mistake(key: "expansion", value: "nan") { $0.expansion = .nan },
        Mistake(key: "expansion", value: "inf") { $0.expansion = .infinity },
        Mistake(key: "expansion", value: "65.0") { $0.expansion = 65 },
        Mistake(key: "H_layers", value: "0") { $0.highLayers = 0 },
        Mistake(key: "H_layers", value: "129") { $0.highLayers = 129 },
        Mistake(key: "L_layers", value: "-1") { $0.lowLayers = -1 },
        Mistake(key: "L_layers", value: "129") { $0.lowLayers = 129 },
        Mistake(key: "H_cycles", value: "0") { $0.highCycles = 0 },
        Mistake(key: "H_cycles", value: "1025") { $0.highCycles = 1025 },
        Mistake(key: "L_cycles", value: "0") { $0.lowCycles = 0 },
        Mistake(key: "L_cycles", value: "1025") { $0.lowCycles = 1025 },
        Mistake(key: "halt_max_steps", value: "0") { $0.haltMaxSteps = 0 },
        Mistake(key: "halt_max_steps", value: "65537") { $0.haltMaxSteps = 65537 },
        Mistake(key: "halt_exploration_prob", value: "1.5") {
            $0.haltExplorationProbability = 1.5
        },
        Mistake(key: "halt_exploration_prob", value: "-0.1") {
            $0.haltExplorationProbability = -0.1
        },
        Mistake(key: "halt_exploration_prob", value: "nan") {
            $0.haltExplorationProbability = .nan
        },
        Mistake(key: "puzzle_emb_ndim", value: "-1") { $0.puzzleEmbeddingSize = -1 },
        Mistake(key: "puzzle_emb_ndim", value: "32769") { $0.puzzleEmbeddingSize = 32769 },
        Mistake(key: "puzzle_emb_len", value: "-1") { $0.puzzleEmbeddingLength = -1 },
        Mistake(key: "puzzle_emb_len", value: "65") { $0.puzzleEmbeddingLength = 65 },
        // A row of 1025 takes three positions of 512; no row takes none.
        Mistake(key: "puzzle_emb_len", value: "2") {
            $0.puzzleEmbeddingLength = 2
            $0.puzzleEmbeddingSize = 1025
        },
        Mistake(key: "puzzle_emb_len", value: "16") {
            $0.puzzleEmbeddingLength = 16
            $0.puzzleEmbeddingSize = 0
        },
        Mistake(key: "H_layers", value: "0") {
            $0.family = .transformer
            $0.highLayers = 0
        },
        Mistake(key: "L_layers", value: "0") {
            $0.family = .tiny
            $0.lowLayers = 0
        },
        Mistake(key: "rope_theta", value: "0.0") { $0.ropeTheta = 0 },
        Mistake(key: "rope_theta", value: "inf") { $0.ropeTheta = .infinity },
        Mistake(key: "rms_norm_eps", value: "0.0") { $0.normEpsilon = 0 },
        Mistake(key: "rms_norm_eps", value: "nan") { $0.normEpsilon = .nan },
    ]

    @Test(arguments: mistakes.indices)
    func aMistakeIsNamedWithItsValue(index: Int) throws {
        let mistake = Self.mistakes[index]
        var configuration = HRMConfiguration()
        mistake.change(&configuration)
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.validate()
        }
        #expect(error.key == mistake.key && error.value == mistake.value)
        #expect(error.description == "\(mistake.key)=\(mistake.value) \(error.requirement)")
        #expect(error.requirement.hasPrefix("m") || error.requirement.hasPrefix("is "))
    }

    /// The number of layers of a stack that a family does not have means nothing.
    @Test func aStackThatIsNotThereNeedsNoLayers() throws {
        var configuration = HRMConfiguration()
        configuration.family = .tiny
        configuration.highLayers = 0
        try configuration.validate()
        configuration.family = .transformer
        (configuration.highLayers, configuration.lowLayers) = (1, 0)
        try configuration.validate()
    }

    @Test func thePuzzleTakesAsManyPositionsAsItIsGiven() throws {
        var configuration = HRMConfiguration()
        configuration.puzzleEmbeddingLength = 16
        try configuration.validate()
        #expect(configuration.prefixLength == 16)
        configuration.puzzleEmbeddingSize = 16 * 512
        try configuration.validate()
    }

    /// The published TRM mixes 97 positions: 4 · 97 · 2/3 = 258.7 becomes 259, then 512.
    @Test func theMixingIsAsWideAsItsPositionsAsk() {
        #expect(HRMConfiguration().innerSize(of: 97) == 512)
        #expect(HRMConfiguration().innerSize(of: 96) == 256)
    }

    @Test(arguments: [(false, 16, true), (true, 16, false), (false, 1, false)])
    func continuingIsTrainedWhereThereIsAChoice(
        ignores: Bool, maxSteps: Int, expected: Bool
    ) {
        var configuration = HRMConfiguration()
        configuration.ignoresContinue = ignores
        configuration.haltMaxSteps = maxSteps
        #expect(configuration.trainsContinue == expected)
    }

    /// Rotation needs halves of a head; learned positions do not.
    @Test func anOddHeadSizeNeedsLearnedPositions() throws {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = 15
        configuration.headCount = 5
        configuration.puzzleEmbeddingSize = 0
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.validate()
        }
        #expect(error.key == "num_heads" && error.value == "5")
        #expect(error.requirement.contains("pos_encodings=learned"))
        configuration.positionEncoding = .learned
        try configuration.validate()
        // Where no attention looks at heads, nothing is rotated either.
        configuration.positionEncoding = .rope
        configuration.mixesPositions = true
        try configuration.validate()
    }

    @Test func theLimitsThemselvesAreAllowed() throws {
        var configuration = HRMConfiguration()
        configuration.expansion = 64
        configuration.highLayers = 128
        configuration.lowLayers = 128
        configuration.highCycles = 1024
        configuration.lowCycles = 1024
        configuration.haltMaxSteps = 65536
        configuration.haltExplorationProbability = 1
        configuration.puzzleEmbeddingSize = 64 * 512
        try configuration.validate()
        configuration.hiddenSize = 16384
        configuration.haltExplorationProbability = 0
        try configuration.validate()
    }

    /// What fits no puzzle of a data set is told with the data's numbers.
    @Test(arguments: [
        (
            [BoardRelation.row], 12, 8,
            "relations=row is for square boards, and a puzzle of the data has"
        ),
        ([.neighbours, .box], 25, 8, "relations=neighbours,box has boxes, and a board of side 5"),
        ([.row, .box], 36, 3, "symbols=6 is more than the 3 tokens"),
    ])
    func aDataSetMayNotFit(relations: [BoardRelation], length: Int, tokens: Int, message: String)
        throws
    {
        var configuration = HRMConfiguration()
        configuration.relations = relations
        configuration.positionEncoding = .none
        configuration.puzzleEmbeddingSize = 0
        configuration.hiddenSize = 96
        configuration.symbolCount = 6
        try configuration.validate(
            for: PuzzleDimensions(
                vocabularySize: 8, sequenceLength: 36, puzzleIdentifierCount: 1))
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.validate(
                for: PuzzleDimensions(
                    vocabularySize: tokens, sequenceLength: length, puzzleIdentifierCount: 1))
        }
        #expect(error.description.hasPrefix(message))
    }

    /// The rows of a board that is not square divide its cells, and are not cut into boxes.
    @Test func theRowsOfARectangle() throws {
        var configuration = HRMConfiguration()
        configuration.positionEncoding = .none
        configuration.puzzleEmbeddingSize = 0
        func error(_ relations: [BoardRelation], columns: Int, cells: Int) -> String? {
            configuration.relations = relations
            configuration.boardColumns = columns
            do throws(ConfigurationError) {
                try configuration.validate(
                    for: PuzzleDimensions(
                        vocabularySize: 8, sequenceLength: cells, puzzleIdentifierCount: 1))
                return nil
            } catch {
                return error.description
            }
        }
        #expect(error([.row, .left], columns: 4, cells: 12) == nil)
        #expect(error([.row, .left], columns: 12, cells: 12) == nil)
        #expect(error([.row, .box], columns: 6, cells: 36) == nil)
        let cases = [
            (error([.row], columns: 5, cells: 12), "board_columns=5 is no row of a board of the"),
            (error([.row], columns: 0, cells: 12), "set board_columns to the cells in a row"),
            (error([.row], columns: -3, cells: 12), "board_columns=-3 must be 0"),
            (error([.row, .box], columns: 4, cells: 12), "of 3 rows and 4 columns has none"),
            (error([.tallBox], columns: 9, cells: 36), "of 4 rows and 9 columns has none"),
        ]
        for (found, words) in cases { #expect(found?.contains(words) == true, "\(found ?? "")") }
    }

    /// The table names every property once, by the reference's key.
    @Test func theTableHasEveryKeyOnce() throws {
        let keys = HRMConfiguration.settings.map(\.key)
        #expect(
            keys == [
                "arch.H_cycles", "arch.H_layers", "arch.L_cycles", "arch.L_layers",
                "arch.board_columns", "arch.expansion", "arch.forward_dtype",
                "arch.grad_applications",
                "arch.halt_exploration_prob", "arch.halt_max_steps", "arch.hidden_size",
                "arch.input", "arch.loss.choice_weight", "arch.loss.conflict_weight",
                "arch.loss.keep_weight",
                "arch.loss.label_smoothing", "arch.loss.loss_type", "arch.loss.name",
                "arch.loss.step_weight", "arch.loss.strike_weight", "arch.mlp_t", "arch.name",
                "arch.no_ACT_continue",
                "arch.num_heads", "arch.pos_encodings", "arch.puzzle_emb_len",
                "arch.puzzle_emb_ndim", "arch.relations", "arch.rms_norm_eps", "arch.rope_theta",
                "arch.symbols", "arch.thoughts", "arch.zero_init_proj",
            ])
        let properties = HRMConfiguration.settings.compactMap { $0.property?() }
        #expect(properties.count == Set(properties).count)
        #expect(properties.count == Mirror(reflecting: HRMConfiguration()).children.count)
        var configuration = HRMConfiguration()
        for setting in HRMConfiguration.settings {
            let text = setting.read(configuration).text
            #expect(setting.write(&configuration, text), "\(setting.key)=\(text)")
        }
        #expect(configuration == HRMConfiguration())
    }
}
