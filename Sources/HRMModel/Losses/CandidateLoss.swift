#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The losses of a model that reads candidates, for one sequence.
///
/// With the candidates `k` of the cells that have several, and the answer `y` of each cell:
///
/// ```
/// strike   = mean over candidates of  w_kept · −log σ(keep_k)        if k is the answer
///                                     w_struck · −log (1 − σ(keep_k)) otherwise
/// choice   = mean over cells of  −log softmax(choice over the candidates)_y
/// conflict = log Σ exp(conflict) over all symbols of all cells
/// loss     = strike + w_choice · choice + w_conflict · BCE(σ(conflict), an answer is struck)
/// ```
/// If the answer of a cell is struck, the state is a contradiction, and only that is learned.
package struct CandidateLoss {
    /// The weights.
    package var weights: CandidateLossWeights
    /// The sets of the cells, `[S]`.
    package var sets: ArraySlice<Int32>
    /// The labels, `[S]`.
    package var labels: ArraySlice<Int32>
    /// The number of symbols, `C`.
    package var symbols: Int
    /// The token of the first symbol, `V − C`.
    package var firstToken: Int32

    /// Creates the losses of a sequence.
    package init(
        weights: CandidateLossWeights, sets: ArraySlice<Int32>, labels: ArraySlice<Int32>,
        symbols: Int, firstToken: Int32
    ) {
        self.weights = weights
        self.sets = sets
        self.labels = labels
        self.symbols = symbols
        self.firstToken = firstToken
    }

    /// Returns the logit of a contradiction, `log Σ exp(conflict)`.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of many sequences.
    ///   - rows: The first output of each symbol of the sequence.
    /// - Returns: The logit.
    package static func conflict(_ outputs: Span<Float>, rows: StrideTo<Int>) -> Double {
        var highest = -Double.infinity
        for row in rows { highest = max(highest, Double(outputs[row + CandidateOutput.conflict])) }
        guard highest.isFinite else { return highest }
        var total = 0.0
        for row in rows {
            total += exp(Double(outputs[row + CandidateOutput.conflict]) - highest)
        }
        return highest + log(total)
    }

    /// Returns the indices of the first output of each symbol of a sequence.
    package static func rows(first: Int, cells: Int, symbols: Int) -> StrideTo<Int> {
        stride(
            from: first, to: first + cells * symbols * CandidateOutput.count,
            by: CandidateOutput.count)
    }

    /// True if the answer of a cell is struck.
    package var isContradiction: Bool {
        !zip(sets, labels).allSatisfy {
            CandidateSets.contains($0, $1, firstToken: firstToken)
        }
    }

    /// Computes the losses.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of many sequences.
    ///   - first: The index of the sequence's first output.
    ///   - consistency: The logit of the state not being a contradiction.
    /// - Returns: Losses without smoothing; a cell counts as correct if its most likely candidate
    ///   is its label.
    package func value(
        _ outputs: Span<Float>, first: Int, consistency: Float
    ) -> SequenceLoss {
        let conflict = QLoss.value(logit: Double(consistency), target: isContradiction ? 0 : 1)
        var loss = SequenceLoss(
            labelCount: 0, correctCount: 0, tokenLoss: 0, qHaltLoss: conflict)
        loss.qHaltWeight = weights.conflict
        let learns = !isContradiction
        let counts = openCounts
        for cell in 0..<sets.count {
            let (set, label) = self[cell]
            guard label != TokenLoss.ignoredLabel else { continue }
            loss.labelCount += 1
            let place = first + cell * symbols * CandidateOutput.count
            let answer = Int(label - firstToken)
            let best = mostLikely(outputs, set: set, first: place)
            if best == answer { loss.correctCount += 1 }
            guard learns, set.nonzeroBitCount > 1 else { continue }
            var total = 0.0
            let highest = Double(outputs[place + (best ?? 0) * CandidateOutput.count])
            for symbol in 0..<symbols where set >> Int32(symbol) & 1 == 1 {
                let row = place + symbol * CandidateOutput.count
                total += exp(Double(outputs[row + CandidateOutput.choice]) - highest)
                let isAnswer = symbol == answer
                loss.tokenLoss +=
                    (isAnswer ? weights.kept : weights.struck)
                    * QLoss.value(
                        logit: Double(outputs[row + CandidateOutput.keep]),
                        target: isAnswer ? 1 : 0) / Double(counts.candidates)
            }
            let own = Double(outputs[place + answer * CandidateOutput.count])
            loss.tokenLoss += weights.choice * (log(total) + highest - own) / Double(counts.cells)
        }
        return loss
    }

    /// Computes the gradient of `scale · loss` with respect to all outputs of the sequence.
    ///
    /// - Parameters:
    ///   - outputs: As in ``value(_:first:consistency:)``.
    ///   - first: As in ``value(_:first:consistency:)``.
    ///   - consistency: As in ``value(_:first:consistency:)``.
    ///   - scale: The factor of all gradients.
    ///   - gradient: Overwritten at the indices of the sequence's outputs.
    package func gradient(
        _ outputs: Span<Float>, first: Int, consistency: Float, scale: Double,
        into gradient: inout MutableSpan<Float>
    ) {
        let rows = Self.rows(first: first, cells: sets.count, symbols: symbols)
        let isContradiction = isContradiction
        let slope =
            -scale * weights.conflict
            * QLoss.gradient(logit: Double(consistency), target: isContradiction ? 0 : 1)
        // The conflict is a log-sum-exp, so its derivatives are a softmax.
        let conflict = Self.conflict(outputs, rows: rows)
        for row in rows {
            gradient[row + CandidateOutput.choice] = 0
            gradient[row + CandidateOutput.keep] = 0
            let share = exp(Double(outputs[row + CandidateOutput.conflict]) - conflict)
            gradient[row + CandidateOutput.conflict] = Float(slope * share)
        }
        guard !isContradiction else { return }
        let counts = openCounts
        for cell in 0..<sets.count {
            let (set, label) = self[cell]
            guard label != TokenLoss.ignoredLabel, set.nonzeroBitCount > 1 else { continue }
            let place = first + cell * symbols * CandidateOutput.count
            let answer = Int(label - firstToken)
            let best = mostLikely(outputs, set: set, first: place) ?? 0
            let highest = Double(outputs[place + best * CandidateOutput.count])
            var total = 0.0
            for symbol in 0..<symbols where set >> Int32(symbol) & 1 == 1 {
                total += exp(Double(outputs[place + symbol * CandidateOutput.count]) - highest)
            }
            for symbol in 0..<symbols where set >> Int32(symbol) & 1 == 1 {
                let row = place + symbol * CandidateOutput.count
                let isAnswer = symbol == answer
                let probability = exp(Double(outputs[row]) - highest) / total
                gradient[row + CandidateOutput.choice] = Float(
                    scale * weights.choice * (probability - (isAnswer ? 1 : 0))
                        / Double(counts.cells))
                gradient[row + CandidateOutput.keep] = Float(
                    scale * (isAnswer ? weights.kept : weights.struck)
                        * QLoss.gradient(
                            logit: Double(outputs[row + CandidateOutput.keep]),
                            target: isAnswer ? 1 : 0) / Double(counts.candidates))
            }
        }
    }

    /// The numbers of labelled cells with several candidates, and of those candidates.
    private var openCounts: (cells: Int, candidates: Int) {
        var counts = (cells: 0, candidates: 0)
        for cell in 0..<sets.count {
            let (set, label) = self[cell]
            let count = set.nonzeroBitCount
            guard label != TokenLoss.ignoredLabel, count > 1 else { continue }
            counts.cells += 1
            counts.candidates += count
        }
        return counts
    }

    private subscript(cell: Int) -> (set: Int32, label: Int32) {
        (sets[sets.startIndex + cell], labels[labels.startIndex + cell])
    }

    private func mostLikely(_ outputs: Span<Float>, set: Int32, first: Int) -> Int? {
        CandidateOutput.mostLikely(outputs, set: set, first: first)
    }
}

extension CandidateOutput {
    /// Returns the candidate with the highest choice.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of many cells.
    ///   - set: The candidates of the cell.
    ///   - first: The index of the cell's first output.
    /// - Returns: The candidate, the first one in a tie; nil without candidates.
    package static func mostLikely(_ outputs: Span<Float>, set: Int32, first: Int) -> Int? {
        var best: Int?
        var rest = UInt32(bitPattern: set)
        while rest != 0 {
            let symbol = rest.trailingZeroBitCount
            rest &= rest - 1
            if let known = best, outputs[first + symbol * count] <= outputs[first + known * count] {
                continue
            }
            best = symbol
        }
        return best
    }
}
