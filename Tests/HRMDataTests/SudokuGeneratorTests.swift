import HRMData
import HRMTensor
import Testing

@Suite struct SudokuGeneratorTests {
    static let counts: [(SudokuGeometry, Int)] = [
        (.four, 60), (.six, 20), (.tallSix, 10), (.eight, 4), (.tallEight, 2), (.nine, 6),
    ]

    @Test(arguments: counts)
    func puzzlesAreMinimalAndUnique(geometry: SudokuGeometry, count: Int) throws {
        var random = SeededGenerator(seed: 21)
        var generator = try SudokuGenerator(geometry)
        var solver = SudokuSolver(geometry)
        var questions: Set<SudokuBoard> = []
        for _ in 0..<count {
            let puzzle = try generator.next(using: &random)
            #expect(puzzle.answer.isSolved)
            #expect(puzzle.answer.isConsistent(with: puzzle.question))
            let outcome = solver.solve(puzzle.question)
            #expect(outcome.solutionCount == 1)
            #expect(outcome.solution == puzzle.answer)
            #expect(outcome.guesses == puzzle.rating)
            #expect(puzzle.question.givenCount >= SudokuGenerator.fewestGivens(geometry))
            for cell in puzzle.question.cells.indices where puzzle.question[cell] != 0 {
                var fewer = puzzle.question
                fewer[cell] = 0
                #expect(solver.solve(fewer).solutionCount == 2)
            }
            questions.insert(puzzle.question)
        }
        #expect(questions.count == count)
    }

    @Test(arguments: [(SudokuGeometry.four, 4), (.four, 10), (.six, 11), (.nine, 30), (.nine, 80)])
    func givensAreExact(geometry: SudokuGeometry, givens: Int) throws {
        var random = SeededGenerator(seed: 22)
        var generator = try SudokuGenerator(geometry, difficulty: .givens(givens))
        var solver = SudokuSolver(geometry)
        for _ in 0..<4 {
            let puzzle = try generator.next(using: &random)
            #expect(puzzle.question.givenCount == givens)
            #expect(solver.solve(puzzle.question).solutionCount == 1)
        }
    }

    @Test func ratingIsReached() throws {
        var random = SeededGenerator(seed: 23)
        var generator = try SudokuGenerator(.six, difficulty: .rating(atLeast: 1))
        for _ in 0..<3 { #expect(try generator.next(using: &random).rating ?? 0 >= 1) }
    }

    @Test func impossibleWishesAreRefusedAtOnce() {
        let wishes: [(SudokuGeometry, Int, Int)] = [
            (.nine, 16, 17), (.nine, 81, 17), (.four, 3, 4), (.six, 7, 8), (.six, -1, 8),
        ]
        for (geometry, givens, fewest) in wishes {
            #expect(
                throws: SudokuGenerationError.impossibleGivens(
                    givens, geometry: geometry, fewest: fewest)
            ) { try SudokuGenerator(geometry, difficulty: .givens(givens)) }
        }
        #expect(throws: SudokuGenerationError.impossibleRating(-1)) {
            try SudokuGenerator(.nine, difficulty: .rating(atLeast: -1))
        }
    }

    @Test func givesUpAndSaysWhatItReached() throws {
        // Propagation solves every 4×4 puzzle.
        var random = SeededGenerator(seed: 24)
        var generator = try SudokuGenerator(.four, difficulty: .rating(atLeast: 5))
        generator.attemptsPerPuzzle = 50
        #expect(
            throws: SudokuGenerationError.ratingNotReached(
                5, geometry: .four, attempts: 50, highest: 0)
        ) { try generator.next(using: &random) }
        generator = try SudokuGenerator(.nine, difficulty: .givens(17))
        generator.attemptsPerPuzzle = 2
        var searches: [SudokuGenerator.Search] = []
        #expect {
            try generator.next(using: &random) { searches.append($0) }
        } throws: { error in
            guard
                case .givensNotReached(17, .nine, 2, let fewest)? = error as? SudokuGenerationError
            else { return false }
            return (18...30).contains(fewest)
        }
        // Long searches report progress.
        #expect(searches.map(\.attempts) == [1] && searches.map(\.limit) == [2])
        #expect((18...30).contains(searches.first?.best ?? 0))
    }

    @Test func exhaustionIsNoticed() throws {
        // There are 288 · 16 puzzles with 15 givens.
        var random = SeededGenerator(seed: 25)
        var generator = try SudokuGenerator(.four, difficulty: .givens(15))
        generator.attemptsPerPuzzle = 4
        var made = 0
        do {
            while made < 5000 {
                _ = try generator.next(using: &random)
                made += 1
            }
            Issue.record("\(made) different puzzles, although there are only 4608")
        } catch {
            #expect(error == .exhausted(geometry: .four, attempts: 4, made: made))
            #expect(made > 100)
        }
    }

    @Test func excludedPuzzlesDoNotAppear() throws {
        var random = SeededGenerator(seed: 26)
        var generator = try SudokuGenerator(.six)
        let first = try generator.next(using: &random)
        random = SeededGenerator(seed: 26)
        var other = try SudokuGenerator(.six)
        other.exclude(first.question)
        #expect(try other.next(using: &random).question != first.question)
    }

    @Test func seedDecides() throws {
        func puzzles(seed: UInt64) throws -> [SudokuPuzzle] {
            var random = SeededGenerator(seed: seed)
            var generator = try SudokuGenerator(.six)
            return try (0..<5).map { _ in try generator.next(using: &random) }
        }
        #expect(try puzzles(seed: 1) == puzzles(seed: 1))
        #expect(try puzzles(seed: 1) != puzzles(seed: 2))
    }
}
