public import HRMModel

/// Small models with odd sizes.
public enum TestModel {
    /// Creates a valid configuration.
    public static func configuration(
        _ change: (inout HRMConfiguration) -> Void = { _ in }
    ) throws -> HRMConfiguration {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = 12
        configuration.headCount = 3
        configuration.expansion = 1
        configuration.highLayers = 1
        configuration.lowLayers = 1
        configuration.highCycles = 1
        configuration.lowCycles = 1
        configuration.haltMaxSteps = 4
        configuration.puzzleEmbeddingSize = 17
        configuration.forwardPrecision = .float32
        change(&configuration)
        try configuration.validate()
        return configuration
    }

    /// Models that differ in what a segment is and in how positions meet.
    public enum Kind: CaseIterable, Sendable {
        case hierarchical
        case tiny
        case mixing
        case symbols
        case related
        case relatedSymbols
        case transformer

        /// Makes a configuration one of this kind, with the options that are usual for it.
        public func apply(to configuration: inout HRMConfiguration) {
            switch self {
            case .hierarchical: break
            case .tiny, .mixing:
                configuration.family = .tiny
                configuration.ignoresContinue = true
                configuration.puzzleEmbeddingLength = 3
                if self == .mixing {
                    configuration.mixesPositions = true
                    configuration.positionEncoding = .none
                }
            case .symbols:
                Kind.mixing.apply(to: &configuration)
                configuration.symbolCount = 3
                configuration.puzzleEmbeddingSize = 0
                configuration.puzzleEmbeddingLength = 0
            case .related, .relatedSymbols:
                Kind.mixing.apply(to: &configuration)
                configuration.mixesPositions = false
                configuration.relations = [.neighbours, .column]
                configuration.puzzleEmbeddingSize = 0
                configuration.puzzleEmbeddingLength = 0
                if self == .relatedSymbols { configuration.symbolCount = 3 }
            case .transformer: configuration.family = .transformer
            }
        }
    }

    /// Dimensions of the models.
    public static let dimensions = PuzzleDimensions(
        vocabularySize: 5, sequenceLength: 9, puzzleIdentifierCount: 4)
}
