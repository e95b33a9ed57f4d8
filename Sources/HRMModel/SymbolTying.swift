import HRMTensor

/// Keeps the weights alike for all symbols that can change places.
///
/// The features of a position are `C` groups of `d`, one for each symbol. A linear map that does not
/// care how the symbols are named treats all of them alike: what it does between a symbol and itself is
/// one block of weights, what it does between a symbol and any other is a second one. Blocks hold one
/// weight in `C`, or in `C·(C−1)`, copies; copies that begin equal and have equal gradients stay
/// equal. Embedding, heads and initial states are kept this way, everything else is shared outright
/// (see ``FeatureMixing`` and `PositionMixing`).
struct SymbolTying: Sendable {
    /// `C`, the last of the vocabulary.
    let symbols: Int
    /// `d`.
    let size: Int
    /// A row for each token.
    private let tokenTables: [ParameterLayout.Entry]
    /// A row for each question that is asked of all symbols alike.
    private let head: ParameterLayout.Entry

    /// Nothing when no symbols are told apart from other tokens.
    ///
    /// - Precondition: The vocabulary has as many tokens.
    init?(_ layout: ParameterLayout, configuration: HRMConfiguration, dimensions: PuzzleDimensions)
    {
        guard configuration.symbolCount > 0 else { return nil }
        symbols = configuration.symbolCount
        size = configuration.symbolSize
        precondition(
            symbols <= dimensions.vocabularySize,
            "\(symbols) symbols in a vocabulary of \(dimensions.vocabularySize)")
        tokenTables = ["embed_tokens.embedding_weight", "lm_head.weight"].map(layout.entry)
        head = layout.entry("q_head.weight")
    }

    /// Makes fresh weights alike: each group of copies takes the value of its first.
    func tie(initial model: HierarchicalReasoningModel) {
        for table in tokenTables {
            tie(table.matrix(in: model.parameters), symbolRows: true) { $0[0] }
        }
        tie(head.matrix(in: model.parameters), symbolRows: false) { $0[0] }
        for state in [model.highInitial, model.lowInitial] {
            tie(state, symbolRows: false) { $0[0] }
        }
    }

    /// Gives all copies of a weight the mean of their gradients, which moves them as one.
    ///
    /// - Parameter gradients: The flat array of a worker.
    func tie(gradients: Matrix) {
        func mean(_ values: [Float]) -> Float {
            Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
        }
        for table in tokenTables {
            tie(table.matrix(in: gradients), symbolRows: true, by: mean)
        }
        tie(head.matrix(in: gradients), symbolRows: false, by: mean)
    }

    /// - Parameters:
    ///   - matrix: Shape `[rows, C·d]`.
    ///   - symbolRows: Whether the last `C` rows belong to a symbol each.
    ///   - rule: The common value of copies.
    private func tie(_ matrix: Matrix, symbolRows: Bool, by rule: ([Float]) -> Float) {
        var values = matrix.values
        let width = symbols * size
        let plain = matrix.rows - (symbolRows ? symbols : 0)
        func share(_ places: [Int]) {
            let common = rule(places.map { values[$0] })
            for place in places { values[place] = common }
        }
        for feature in 0..<size {
            for row in 0..<plain {
                share((0..<symbols).map { row * width + $0 * size + feature })
            }
            guard symbolRows else { continue }
            let pairs = (0..<symbols).flatMap { row in (0..<symbols).map { (row, $0) } }
            func places(_ own: Bool) -> [Int] {
                pairs.filter { ($0 == $1) == own }.map { row, column in
                    (plain + row) * width + column * size + feature
                }
            }
            share(places(true))
            share(places(false))
        }
        matrix.assign(values)
    }
}
