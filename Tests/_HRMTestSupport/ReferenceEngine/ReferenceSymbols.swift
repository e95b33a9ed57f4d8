import HRMModel

/// Copies of weights that belong to interchangeable symbols, which all get the mean gradient.
struct ReferenceSymbols {
    /// `C`, the number of symbols, the last tokens of the vocabulary.
    let count: Int
    /// `d`, the features of a symbol at a position.
    let size: Int
    /// `V`, the number of tokens.
    let vocabulary: Int

    /// The symbols of a model; nil if it has none.
    init?(_ model: ReferenceModel) {
        guard model.configuration.symbolCount > 0 else { return nil }
        count = model.configuration.symbolCount
        size = model.configuration.hiddenSize / count
        vocabulary = model.dimensions.vocabularySize
    }

    /// Replaces the gradients of copies by their mean.
    ///
    /// - Parameter gradients: All gradients by name.
    func share(_ gradients: inout [String: PlainMatrix]) {
        for name in ["embed_tokens.embedding_weight", "lm_head.weight"] {
            gradients[name] = gradients[name].map { averaged($0, firstSymbol: vocabulary - count) }
        }
        let head = "q_head.weight"
        gradients[head] = gradients[head].map { averaged($0, firstSymbol: $0.rows) }
    }

    /// Renaming the symbols turns each element into its copies: same feature, and either the same
    /// plain row, or a symbol's row with the features of the same symbol, or of another one.
    private func averaged(_ matrix: PlainMatrix, firstSymbol: Int) -> PlainMatrix {
        struct Kind: Hashable {
            /// Nil for a symbol's row.
            let plainRow: Int?
            let isOwn: Bool
            let feature: Int
        }
        func kind(_ index: Int) -> Kind {
            let (row, column) = (index / matrix.columns, index % matrix.columns)
            let isPlain = row < firstSymbol
            return Kind(
                plainRow: isPlain ? row : nil,
                isOwn: !isPlain && row - firstSymbol == column / size, feature: column % size)
        }
        let groups = Dictionary(grouping: matrix.values.indices, by: kind)
        let means = groups.mapValues { copies in
            copies.reduce(0) { $0 + matrix.values[$1] } / Double(copies.count)
        }
        return PlainMatrix(
            matrix.values.indices.map { means[kind($0)] ?? 0 }, rows: matrix.rows,
            columns: matrix.columns)
    }
}
