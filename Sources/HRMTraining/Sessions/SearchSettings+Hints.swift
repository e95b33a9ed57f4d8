import HRMModel
import HRMTensor

extension SearchSettings {
    /// Returns a batch in which half of the puzzles have further cells filled from their answers.
    ///
    /// - Parameters:
    ///   - batch: Puzzles as tokens.
    ///   - length: The cells of a puzzle.
    ///   - firstSymbol: The token of the first symbol; cells with symbols are filled already.
    ///   - generator: Draws the puzzles, the numbers and the cells.
    /// - Returns: The batch; puzzles without labels are unchanged.
    func hinted(
        _ batch: TokenBatch, length: Int, firstSymbol: Int32,
        using generator: inout SeededGenerator
    ) -> TokenBatch {
        guard hints > 0 else { return batch }
        var result = batch
        for row in batch.puzzleIdentifiers.indices {
            guard Bool.random(using: &generator) else { continue }
            let cells = (row * length)..<((row + 1) * length)
            let open = cells.filter {
                batch.inputs[$0] < firstSymbol && batch.labels[$0] >= firstSymbol
            }
            let count = Int.random(in: 1...hints, using: &generator)
            for cell in open.shuffled(using: &generator).prefix(count) {
                result.inputs[cell] = batch.labels[cell]
            }
        }
        return result
    }
}
