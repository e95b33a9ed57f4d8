import HRMFiles

/// Generates distinct Sudokus with exactly one solution.
///
/// The cells of a random filled board are cleared in random order, except those whose removal would
/// allow a second solution.
public struct SudokuGenerator: Sendable {
    /// The difficulty of the puzzles.
    public enum Difficulty: Sendable, Hashable {
        /// No given is redundant.
        case minimal
        /// A fixed number of givens.
        case givens(Int)
        /// A minimum number of guesses of ``SudokuSolver``; no given is redundant.
        case rating(atLeast: Int)
    }

    /// The geometry of the puzzles.
    public let geometry: SudokuGeometry
    /// The difficulty of the puzzles.
    public let difficulty: Difficulty
    /// The maximum number of boards tried for one puzzle.
    public var attemptsPerPuzzle = 20_000

    private var solver: SudokuSolver
    private var seen: Set<UInt64> = []

    /// Creates a generator.
    ///
    /// - Throws: ``SudokuGenerationError`` if there are no such puzzles.
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

    /// Returns the minimum number of givens of a puzzle with one solution, known from exhaustive
    /// search.
    public static func fewestGivens(_ geometry: SudokuGeometry) -> Int {
        switch geometry.size {
        case 4: 4
        case 6: 8
        case 8: 14
        default: 17
        }
    }

    /// Excludes a question from generation.
    public mutating func exclude(_ question: SudokuBoard) {
        seen.insert(question.fingerprint)
    }

    /// The progress of the search for a puzzle.
    public struct Search: Sendable, Hashable {
        /// The number of boards tried for this puzzle.
        public var attempts: Int
        /// The maximum number of boards to try.
        public var limit: Int
        /// The best board so far: the fewest givens or the highest rating; `nil` if every board is
        /// suitable.
        public var best: Int?
    }

    /// Returns the next puzzle, different from all previous and all excluded ones.
    ///
    /// Its rating is the number of guesses.
    ///
    /// - Parameters:
    ///   - generator: Draws the boards.
    ///   - progress: Called after each unsuitable board.
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

/// An error in generating Sudokus.
public enum SudokuGenerationError: Error, Equatable, Sendable {
    /// The number of givens is below the minimum for one solution, or leaves no blanks.
    case impossibleGivens(Int, geometry: SudokuGeometry, fewest: Int)
    /// The number of guesses is negative.
    case impossibleRating(Int)
    /// No board could be reduced to the requested number of givens.
    case givensNotReached(Int, geometry: SudokuGeometry, attempts: Int, fewest: Int)
    /// No puzzle reached the requested rating.
    case ratingNotReached(Int, geometry: SudokuGeometry, attempts: Int, highest: Int)
    /// Every puzzle found had been generated or excluded before.
    case exhausted(geometry: SudokuGeometry, attempts: Int, made: Int)
}

extension SudokuGenerationError: CustomStringConvertible {
    /// A sentence that states the request, the attempts and the possible values.
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
