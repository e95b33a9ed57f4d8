/// Makes Sudokus with exactly one solution, no two of them alike.
///
/// A random filled-in board loses its cells in random order, except those without which there would
/// be a second solution.
public struct SudokuGenerator: Sendable {
    /// How hard the puzzles are to be.
    public enum Difficulty: Sendable, Hashable {
        /// Every cell is cleared that can be: no given could be left out.
        case minimal
        /// This number of givens.
        case givens(Int)
        /// At least this many guesses of ``SudokuSolver``; no given could be left out.
        case rating(atLeast: Int)
    }

    /// The sizes of the puzzles.
    public let geometry: SudokuGeometry
    /// How hard the puzzles are to be.
    public let difficulty: Difficulty
    /// Boards that are tried for one puzzle before giving up.
    public var attemptsPerPuzzle = 20_000

    private var solver: SudokuSolver
    private var seen: Set<UInt64> = []

    /// A generator that has not made any puzzle yet.
    ///
    /// - Throws: ``SudokuGenerationError`` when no puzzle can be as wanted.
    public init(
        _ geometry: SudokuGeometry, difficulty: Difficulty = .minimal
    ) throws(SudokuGenerationError) {
        switch difficulty {
        case .minimal:
            break
        case .givens(let count):
            let fewest = Self.fewestGivens(geometry)
            guard (fewest..<geometry.cellCount).contains(count) else {
                throw .impossibleGivens(count, geometry: geometry, fewest: fewest)
            }
        case .rating(let rating):
            guard rating >= 0 else { throw .impossibleRating(rating) }
        }
        self.geometry = geometry
        self.difficulty = difficulty
        solver = SudokuSolver(geometry)
    }

    /// The number of givens below which no puzzle has one solution: known by exhaustive search.
    public static func fewestGivens(_ geometry: SudokuGeometry) -> Int {
        switch geometry.size {
        case 4: 4
        case 6: 8
        case 8: 14
        default: 17
        }
    }

    /// Makes sure that this question will not be generated.
    public mutating func exclude(_ question: SudokuBoard) {
        seen.insert(question.fingerprint)
    }

    /// How far the search for a puzzle has come.
    public struct Search: Sendable, Hashable {
        /// Boards that have been tried for this puzzle.
        public var attempts: Int
        /// Boards that are tried at most.
        public var limit: Int
        /// The fewest givens, or the highest rating, of a board so far, whichever is wanted; nil where
        /// every board will do.
        public var best: Int?
    }

    /// The next puzzle, different from all before and from all excluded ones; its rating is the
    /// number of guesses.
    ///
    /// - Parameters:
    ///   - generator: Draws the boards.
    ///   - progress: Is told how far the search has come after each board that is not as wanted.
    /// - Returns: The puzzle.
    /// - Throws: ``SudokuGenerationError`` after ``attemptsPerPuzzle`` boards without success.
    public mutating func next(
        using generator: inout some RandomNumberGenerator, progress: (Search) -> Void = { _ in }
    ) throws(SudokuGenerationError) -> SudokuPuzzle {
        try ErasedGenerator.erasing(&generator) {
            (generator) throws(SudokuGenerationError) in
            try next(drawing: &generator, progress)
        }
    }

    private mutating func next(
        drawing generator: inout ErasedGenerator, _ progress: (Search) -> Void
    ) throws(SudokuGenerationError) -> SudokuPuzzle {
        var target = 0
        if case .givens(let count) = difficulty { target = count }
        var best: Int?
        for attempt in 0..<attemptsPerPuzzle {
            if attempt > 0 {
                progress(Search(attempts: attempt, limit: attemptsPerPuzzle, best: best))
            }
            let answer = solver.randomSolution(using: &generator)
            let order = (0..<geometry.cellCount).shuffled(using: &generator)
            let question = solver.clearingCells(of: answer, inOrder: order, downTo: target)
            let rating = solver.solve(question, countingUpTo: 1).guesses
            switch difficulty {
            case .minimal:
                break
            case .givens(let count):
                best = min(best ?? .max, question.givenCount)
                guard question.givenCount == count else { continue }
            case .rating(let wanted):
                best = max(best ?? 0, rating)
                guard rating >= wanted else { continue }
            }
            if seen.insert(question.fingerprint).inserted {
                return SudokuPuzzle(
                    source: "generated", question: question, answer: answer, rating: rating)
            }
        }
        switch difficulty {
        case .givens(let count):
            if let best, best > count {
                throw .givensNotReached(
                    count, geometry: geometry, attempts: attemptsPerPuzzle, fewest: best)
            }
        case .rating(let wanted):
            if let best, best < wanted {
                throw .ratingNotReached(
                    wanted, geometry: geometry, attempts: attemptsPerPuzzle, highest: best)
            }
        case .minimal:
            break
        }
        throw .exhausted(geometry: geometry, attempts: attemptsPerPuzzle, made: seen.count)
    }
}

/// Why no Sudoku could be generated.
public enum SudokuGenerationError: Error, Equatable, Sendable {
    /// No puzzle with one solution has so few givens, or it would have no blanks.
    case impossibleGivens(Int, geometry: SudokuGeometry, fewest: Int)
    /// A number of guesses below 0.
    case impossibleRating(Int)
    /// No board could be cleared down to the wanted number of givens.
    case givensNotReached(Int, geometry: SudokuGeometry, attempts: Int, fewest: Int)
    /// No puzzle was as hard as wanted.
    case ratingNotReached(Int, geometry: SudokuGeometry, attempts: Int, highest: Int)
    /// Every puzzle that was found had been generated or excluded before.
    case exhausted(geometry: SudokuGeometry, attempts: Int, made: Int)
}

extension SudokuGenerationError: CustomStringConvertible {
    /// One sentence: what was wanted, what was tried, and what to ask for instead.
    public var description: String {
        switch self {
        case .impossibleGivens(let count, let geometry, let fewest):
            "there are no puzzles of \(geometry.fullName) with \(count.counted("given")) and one solution; ask for "
                + "\(fewest) to \(geometry.cellCount - 1)"
        case .impossibleRating(let rating):
            "a rating of \(rating.counted("guess", "guesses")) is impossible; ask for 0 or more"
        case .givensNotReached(let count, let geometry, let attempts, let fewest):
            "no \(geometry) puzzle with \(count.counted("given")) was found from \(attempts.counted("random board")), "
                + "the fewest givens were \(fewest); ask for \(fewest) or more"
        case .ratingNotReached(let rating, let geometry, let attempts, let highest):
            "no \(geometry) puzzle that takes \(rating.counted("guess", "guesses")) was found from \(attempts) random "
                + "boards, the highest rating was \(highest); ask for less"
        case .exhausted(let geometry, let attempts, let made):
            "\(attempts.counted("random board")) gave no \(geometry) puzzle that is not among the \(made) "
                + "made before; ask for fewer puzzles, or for easier ones with more givens"
        }
    }
}
