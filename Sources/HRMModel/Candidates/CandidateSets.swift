/// The symbols that each cell of a puzzle may still have.
///
/// A set is a 32-bit number in which bit `k` stands for the `k`-th symbol. The symbols are the last
/// `C` tokens of the vocabulary, so that symbol `k` is the token `V − C + k`.
package struct CandidateSets: Sendable, Hashable {
    /// The largest number of symbols; a set is a positive number.
    package static let largestSymbolCount = 30

    /// The number of symbols, `C`.
    package let symbols: Int
    /// The token of the first symbol, `V − C`.
    package let firstToken: Int32
    /// The set of each cell.
    package var cells: [Int32]

    /// Creates sets from stored ones.
    package init(symbols: Int, firstToken: Int32, cells: [Int32]) {
        precondition(
            (1...Self.largestSymbolCount).contains(symbols), "\(symbols) candidate symbols")
        self.symbols = symbols
        self.firstToken = firstToken
        self.cells = cells
    }

    /// Creates the sets of a puzzle: a cell with a symbol has only that, any other cell has all.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle.
    ///   - symbols: `C`.
    ///   - vocabularySize: `V`.
    package init(of tokens: some Sequence<Int32>, symbols: Int, vocabularySize: Int) {
        let first = Int32(vocabularySize - symbols)
        let all = Self.all(symbols)
        self.init(
            symbols: symbols, firstToken: first,
            cells: tokens.map { $0 >= first ? 1 << ($0 - first) : all })
    }

    /// Returns the set of all symbols.
    package static func all(_ symbols: Int) -> Int32 { Int32(truncatingIfNeeded: 1 << symbols) - 1 }

    /// True if every cell has exactly one symbol.
    package var isComplete: Bool { cells.allSatisfy { $0.nonzeroBitCount == 1 } }
    /// True if a cell has no symbol.
    package var hasEmptyCell: Bool { cells.contains(0) }
    /// The number of symbols that can still be struck.
    package var openCount: Int {
        cells.reduce(0) { $0 + ($1.nonzeroBitCount > 1 ? $1.nonzeroBitCount : 0) }
    }

    /// Returns the answer so far: the token of each cell with a single symbol, and `puzzle`
    /// elsewhere.
    package func tokens(of puzzle: [Int32]) -> [Int32] {
        zip(cells, puzzle).map { set, token in
            set.nonzeroBitCount == 1 ? firstToken + Int32(set.trailingZeroBitCount) : token
        }
    }
}

/// The outputs of a model for each symbol of each cell.
package enum CandidateOutput {
    /// The logit of the symbol among the candidates of its cell.
    package static let choice = 0
    /// The logit of keeping the symbol as a candidate.
    package static let keep = 1
    /// The logit of a contradiction that is visible at this symbol.
    package static let conflict = 2
    /// The number of outputs.
    package static let count = 3
    /// The biases before training: nothing is struck, and no state is a contradiction.
    static let initialBias: [Float] = [0, 2, -7]
}
