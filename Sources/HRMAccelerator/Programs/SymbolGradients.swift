internal import HRMModel

extension Layers {
    /// Averages the gradients of the copies of weights that interchangeable symbols share.
    ///
    /// - Parameters:
    ///   - gradients: The gradients of all entries.
    ///   - entries: The entries of the layout.
    func shareSymbolGradients(
        _ gradients: inout [Expression], entries: [ParameterLayout.Entry]
    ) {
        guard configuration.symbolCount > 0 else { return }
        for (index, entry) in entries.enumerated() {
            switch entry.name {
            case "embed_tokens.embedding_weight", "lm_head.weight":
                gradients[index] = sharedTable(gradients[index])
            case "q_head.weight": gradients[index] = sharedRows(gradients[index])
            default: break
            }
        }
    }

    /// The mean over the symbols of each feature of each row, `[n, C·d]`.
    private func sharedRows(_ rows: Expression) -> Expression {
        let symbols = configuration.symbolCount
        let parts = rows.reshaped([rows.shape[0], symbols, configuration.symbolSize])
        return (parts.sum(over: [1]) / Double(symbols)).broadcast(to: parts.shape, axes: [0, 2])
            .reshaped(rows.shape)
    }

    /// The means of a table whose last `C` rows belong to a symbol each: over a symbol's features
    /// of its own row, and over those of the other symbols' rows.
    private func sharedTable(_ table: Expression) -> Expression {
        let (symbols, size) = (configuration.symbolCount, configuration.symbolSize)
        let plain = table.shape[0] - symbols
        let square = [symbols, symbols, size]
        let own = table.sliced(plain..<table.shape[0], axis: 0).reshaped(square)
        let isOwn = builder.iota(square, axis: 0).compared(.equal, builder.iota(square, axis: 1))
        func mean(_ values: Expression, _ count: Int) -> Expression {
            (values.sum(over: [0, 1]) / Double(max(1, count))).broadcast(to: square, axes: [2])
        }
        let tied = isOwn.select(
            mean(isOwn.select(own, own.like(0)), symbols),
            mean(isOwn.select(own.like(0), own), symbols * (symbols - 1))
        ).reshaped([symbols, symbols * size])
        guard plain > 0 else { return tied }
        return .concatenated([sharedRows(table.sliced(0..<plain, axis: 0)), tied], axis: 0)
    }
}
