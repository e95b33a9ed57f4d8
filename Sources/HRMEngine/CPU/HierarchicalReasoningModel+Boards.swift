public import HRMModel
import HRMTensor

extension HierarchicalReasoningModel {
    /// Returns the same weights as a model for boards of another size, or with another number of
    /// symbols.
    ///
    /// In a model that reads candidates, no weight depends on either. The vocabulary has as many
    /// tokens beside the symbols as this model's.
    ///
    /// - Parameters:
    ///   - symbols: The number of symbols, `C`.
    ///   - cells: The number of cells, `S`.
    ///   - columns: The number of cells in a row; 0 for a square board.
    ///   - relations: As many as this model has, such as boxes of another shape; nil for its own.
    ///   - trainable: True if the model is going to be trained.
    /// - Returns: A model with its own copy of the weights.
    /// - Throws: `ConfigurationError` if the model reads tokens, or the board does not fit its
    ///   relations.
    public func fitted(
        symbols: Int, cells: Int, columns: Int = 0, relations: [BoardRelation]? = nil,
        trainable: Bool = false
    ) throws(ConfigurationError) -> Self {
        guard configuration.readsCandidates else {
            throw ConfigurationError(
                key: "input", value: configuration.inputEncoding.rawValue,
                requirement: "ties the model to one size of board; train one with input=candidates")
        }
        var configuration = configuration.fitted(symbols: symbols, columns: columns)
        if let relations {
            guard relations.count == configuration.relations.count else {
                throw ConfigurationError(
                    key: "relations",
                    value: relations.map(\.rawValue).joined(separator: ","),
                    requirement: "must be \(configuration.relations.count), as in training")
            }
            configuration.relations = relations
        }
        let others = dimensions.vocabularySize - self.configuration.symbolCount
        let dimensions = PuzzleDimensions(
            vocabularySize: others + symbols, sequenceLength: cells,
            puzzleIdentifierCount: dimensions.puzzleIdentifierCount)
        try configuration.validate(for: dimensions)
        let result = Self(blank: configuration, dimensions: dimensions, trainable: trainable)
        result.parameters.assign(parameters)
        result.highInitial.assign(highInitial)
        result.lowInitial.assign(lowInitial)
        result.pack(workers: Workers(count: 1))
        return result
    }
}

extension HRMConfiguration {
    /// Returns the configuration for another number of symbols, with as many features of each.
    ///
    /// - Parameters:
    ///   - symbols: `C`.
    ///   - columns: The number of cells in a row; 0 for a square board.
    /// - Returns: The configuration.
    func fitted(symbols: Int, columns: Int) -> Self {
        var result = self
        result.hiddenSize = symbolSize * symbols
        result.symbolCount = symbols
        result.headCount = 1
        result.boardColumns = columns
        return result
    }
}
