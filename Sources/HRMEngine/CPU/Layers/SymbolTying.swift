import HRMModel
import HRMTensor

/// Ties the weights of all interchangeable symbols.
///
/// The features of a position are `C` groups of `d`, one per symbol. A linear map that is
/// equivariant to permutations of the symbols consists of two blocks: one from a symbol to itself,
/// and one from a symbol to any other. Matrices contain these blocks in `C` and `C·(C−1)` copies;
/// copies with equal initial values and equal gradients stay equal. Embedding, heads and initial
/// states are tied this way; everything else shares a single weight (see ``FeedForward`` and
/// `TokenMixing`).
struct SymbolTying: Sendable {
    /// `C`, the number of symbols, which are the last tokens of the vocabulary.
    let symbols: Int
    /// `d`, the number of features per symbol.
    let size: Int
    /// Tensors with one row per token.
    private let tokenTables: [ParameterLayout.Entry]
    /// The Q head, whose rows treat all symbols alike.
    private let head: ParameterLayout.Entry

    /// Creates the tying; nil for a model without symbols, and for one that reads candidates, whose
    /// weights have no copies.
    ///
    /// - Precondition: The vocabulary has at least as many tokens as there are symbols.
    init?(_ layout: ParameterLayout, configuration: HRMConfiguration, dimensions: PuzzleDimensions)
    {
        guard configuration.symbolCount > 0, !configuration.readsCandidates else { return nil }
        symbols = configuration.symbolCount
        size = configuration.symbolSize
        precondition(
            symbols <= dimensions.vocabularySize,
            "\(symbols) symbols in a vocabulary of \(dimensions.vocabularySize)")
        tokenTables = ["embed_tokens.embedding_weight", "lm_head.weight"].map(layout.entry)
        head = layout.entry("q_head.weight")
    }

    /// Ties new weights: each group of copies takes the value of the first.
    func tie(initial model: HierarchicalReasoningModel) {
        for table in tokenTables {
            tie(table.matrix(in: model.parameters), symbolRows: true) { $0[0] }
        }
        tie(head.matrix(in: model.parameters), symbolRows: false) { $0[0] }
        for state in [model.highInitial, model.lowInitial] {
            tie(state, symbolRows: false) { $0[0] }
        }
    }

    /// Ties gradients: all copies of a weight get the mean of their gradients.
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
    ///   - symbolRows: True if each of the last `C` rows belongs to one symbol.
    ///   - rule: Computes the common value of copies.
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
