import HRMModel
import HRMTensor

extension SearchSettings {
    /// Returns the states in which the searches of new puzzles start.
    ///
    /// - Parameters:
    ///   - batch: Puzzles as tokens.
    ///   - length: The cells of a puzzle.
    ///   - symbols: The number of symbols, `C`.
    ///   - vocabularySize: `V`.
    ///   - generator: Draws the puzzles and the states.
    /// - Returns: The batch with sets of candidates as inputs.
    func starts(
        of batch: TokenBatch, length: Int, symbols: Int, vocabularySize: Int,
        using generator: inout SeededGenerator
    ) -> TokenBatch {
        let first = Int32(vocabularySize - symbols)
        var result = hinted(batch, length: length, firstSymbol: first, using: &generator)
        result.inputs =
            CandidateSets(of: result.inputs, symbols: symbols, vocabularySize: vocabularySize).cells
        guard drawn.share > 0 else { return result }
        for row in batch.puzzleIdentifiers.indices
        where Double.random(in: 0..<1, using: &generator) < drawn.share {
            let cells = (row * length)..<((row + 1) * length)
            drawn.draw(
                &result.inputs, labels: batch.labels, cells: cells, symbols: symbols,
                firstSymbol: first, using: &generator)
        }
        return result
    }

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

extension DrawnStates {
    /// Replaces the state of one puzzle by a random one around the same answer.
    ///
    /// - Parameters:
    ///   - sets: The candidates of many cells.
    ///   - labels: Their answers; cells without one keep their set.
    ///   - cells: The cells of the puzzle.
    ///   - symbols: The number of symbols, `C`.
    ///   - firstSymbol: The token of the first symbol.
    ///   - generator: Draws the shares and the candidates.
    func draw(
        _ sets: inout [Int32], labels: [Int32], cells: Range<Int>, symbols: Int,
        firstSymbol: Int32, using generator: inout SeededGenerator
    ) {
        let givenShare = Double.random(in: givens, using: &generator)
        let candidateShare = Double.random(in: candidates, using: &generator)
        for cell in cells where labels[cell] >= firstSymbol {
            let answer = Int32(1) << (labels[cell] - firstSymbol)
            sets[cell] = answer
            guard Double.random(in: 0..<1, using: &generator) >= givenShare else { continue }
            for symbol in 0..<Int32(symbols)
            where Double.random(in: 0..<1, using: &generator) < candidateShare {
                sets[cell] |= 1 << symbol
            }
        }
    }
}
