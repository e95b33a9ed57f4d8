import HRMModel
import HRMTensor

/// Computes the input of a model that reads candidates: a row of features for each symbol of each
/// cell, chosen by the number of candidates in its cell and by whether it is one of them.
package struct CandidateEmbedding: Sendable {
    let table: ParameterLayout.Entry
    private let symbols: Int
    private let scale: Float

    /// Creates the embedding; nil for a model that reads tokens.
    init?(_ layout: ParameterLayout, configuration: HRMConfiguration) {
        guard configuration.readsCandidates else { return nil }
        table = layout.entry("embed_candidates.embedding_weight")
        symbols = configuration.symbolCount
        scale = Float(configuration.symbolSize).squareRoot()
    }

    /// Computes the input of some sequences.
    ///
    /// - Parameters:
    ///   - sets: The candidates of each cell, `[B·S]`.
    ///   - parameters: The flat array.
    ///   - e: Shape `[B·S, C·d]`; overwritten.
    func forward(sets: ArraySlice<Int32>, parameters: Matrix, into e: Matrix) {
        let table = table.matrix(in: parameters)
        let rows = e.regrouped(rows: e.rows * symbols)
        for (row, status) in statuses(of: sets) {
            Embedding.write((table, status), plus: nil, scale: scale, to: rows, row: row)
        }
    }

    /// Adds the gradient of the table, given that of `e`.
    func backward(_ de: Matrix, sets: ArraySlice<Int32>, gradients: Matrix) {
        let table = table.matrix(in: gradients)
        let rows = de.regrouped(rows: de.rows * symbols)
        for (row, status) in statuses(of: sets) {
            Embedding.accumulate(rows, row: row, scale: scale, into: table, tableRow: status)
        }
    }

    private func statuses(of sets: ArraySlice<Int32>) -> some Sequence<(row: Int, status: Int)> {
        sets.lazy.enumerated().flatMap { [symbols] cell, set in
            (0..<symbols).lazy.map {
                (cell * symbols + $0, CandidateStatus.of(symbol: $0, in: set))
            }
        }
    }
}
