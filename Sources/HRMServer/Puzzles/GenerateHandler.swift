import HRMData
import HRMFiles
import HRMTensor
import HRMTraining

/// Generates puzzles.
struct GenerateHandler: Sendable {
    let load: ServerLoad

    private enum Kind: String, CaseIterable {
        case sudoku, maze, binary, futoshiki, skyscrapers
    }

    /// The difficulties of Sudokus.
    private enum Difficulty: String, CaseIterable { case easy, medium, hard, extreme }

    /// The choices of a request.
    private struct Choices: Sendable {
        var seed: UInt64
        var count: Int
        var givens: Int?
        var clues: Int?
        var size: Int?
    }

    /// The random boards from which a puzzle is made at most, so that a request ends soon.
    private static let attempts = 2000
    private static let largestSeed = 1 << 53 - 1

    /// Answers `POST /v1/generate`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        guard let kind = try members.choice("kind", of: Kind.self) else {
            throw members.problem(
                "kind", "it is missing",
                remedy: "send one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let seed =
            try members.integer("seed", in: 0...Self.largestSeed)
            ?? Int.random(in: 0...Self.largestSeed)
        let choices = Choices(
            seed: UInt64(seed), count: try members.integer("count", in: 1...20) ?? 1,
            givens: kind == .maze ? nil : try members.integer("givens", in: 0...81),
            clues: [.futoshiki, .skyscrapers].contains(kind)
                ? try members.integer("clues", in: 0...60) : nil,
            size: [.sudoku, .maze].contains(kind) ? nil : try members.integer("size", in: 4...8))
        let make: @Sendable () throws -> [JSONValue]
        switch kind {
        case .sudoku: make = try sudokus(&members, choices)
        case .maze: make = try mazes(&members, choices)
        case .binary:
            make = {
                var generator = try BinaryPuzzleGenerator(
                    size: choices.size ?? 6, givens: choices.givens ?? 0)
                generator.attemptsPerPuzzle = Self.attempts
                return try Self.pairs(BinaryPuzzleGenerator.alphabet, choices) {
                    try generator.next(using: &$0)
                }
            }
        case .futoshiki:
            make = {
                let size = choices.size ?? 5
                var generator = try FutoshikiGenerator(
                    size: size, givens: choices.givens ?? 0, clues: choices.clues)
                generator.attemptsPerPuzzle = Self.attempts
                return try Self.pairs(FutoshikiGenerator.alphabet(size: size), choices) {
                    try generator.next(using: &$0)
                }
            }
        case .skyscrapers:
            make = {
                let size = choices.size ?? 5
                var generator = try SkyscrapersGenerator(
                    size: size, givens: choices.givens ?? 0, clues: choices.clues)
                generator.attemptsPerPuzzle = Self.attempts
                return try Self.pairs(SkyscrapersGenerator.alphabet(size: size), choices) {
                    try generator.next(using: &$0)
                }
            }
        }
        try members.finish()
        let puzzles = try await load.with(choices.count, .puzzles) {
            try await OwnThread.run {
                do {
                    return try make()
                } catch {
                    throw HTTPError(
                        .unprocessableContent, error, at: "body", remedy: "ask for other puzzles")
                }
            }
        }
        return .json(.object(["puzzles": .list(puzzles), "seed": .integer(seed)]))
    }

    private func sudokus(
        _ members: inout RequestMembers, _ choices: Choices
    ) throws(HTTPError) -> @Sendable () throws -> [JSONValue] {
        let rows = try members.integer("box_rows", in: 2...4) ?? 3
        let columns = try members.integer("box_columns", in: 2...4) ?? 3
        let difficulty = try members.choice("difficulty", of: Difficulty.self)
        guard let geometry = try? SudokuGeometry(boxRows: rows, boxColumns: columns) else {
            throw members.problem(
                "box_rows", "there is no Sudoku with boxes of \(rows) by \(columns)",
                remedy: "use 2 by 2, 2 by 3, 3 by 2, 2 by 4, 4 by 2 or 3 by 3")
        }
        guard difficulty == nil || choices.givens == nil else {
            throw members.problem(
                "givens", "difficulty and givens exclude each other", remedy: "leave out one")
        }
        let wanted =
            choices.givens.map { SudokuGenerator.Difficulty.givens($0) }
            ?? Self.difficulty(difficulty ?? .medium, geometry)
        return {
            var generator = try SudokuGenerator(geometry, difficulty: wanted)
            generator.attemptsPerPuzzle = Self.attempts
            var random = SeededGenerator(seed: choices.seed, stream: RandomStream.puzzles)
            return try (0..<choices.count).map { _ in
                let puzzle = try generator.next(using: &random)
                return Self.members(
                    puzzle: puzzle.question.description, solution: puzzle.answer.description,
                    task: .sudoku(geometry), board: PuzzleBoard(.sudoku(puzzle.question)),
                    givens: puzzle.question.givenCount, rating: puzzle.rating)
            }
        }
    }

    private static func difficulty(
        _ difficulty: Difficulty, _ geometry: SudokuGeometry
    ) -> SudokuGenerator.Difficulty {
        switch difficulty {
        case .easy: .givens((geometry.cellCount + 1) / 2)
        case .medium: .givens((geometry.cellCount * 2 + 4) / 5)
        case .hard: .minimal
        case .extreme: .rating(atLeast: [4: 0, 6: 1, 8: 2][geometry.size] ?? 3)
        }
    }

    private func mazes(
        _ members: inout RequestMembers, _ choices: Choices
    ) throws(HTTPError) -> @Sendable () throws -> [JSONValue] {
        let size = MazeSize(
            rows: try members.integer("rows", in: 2...64) ?? 9,
            columns: try members.integer("columns", in: 2...64) ?? 9)
        let walls = try members.number("walls", in: 0...0.9)
        let length = try members.integer("path_length", in: 2...4096)
        return {
            var generator = try MazeGenerator(
                size: size, minimumPathLength: length,
                wallShare: walls ?? MazeGenerator.publishedWallShare, requiresUniquePath: true)
            generator.attemptsPerMaze = Self.attempts
            var random = SeededGenerator(seed: choices.seed, stream: RandomStream.puzzles)
            return try (0..<choices.count).map { _ in
                let puzzle = try generator.next(using: &random)
                return Self.members(
                    puzzle: puzzle.question.description, solution: puzzle.answer.description,
                    task: .maze(size: size), board: PuzzleBoard(.maze(puzzle.question)),
                    pathLength: puzzle.pathLength)
            }
        }
    }

    private static func pairs(
        _ alphabet: GridAlphabet, _ choices: Choices,
        next: (inout SeededGenerator) throws -> GridPair
    ) throws -> [JSONValue] {
        var random = SeededGenerator(seed: choices.seed, stream: RandomStream.puzzles)
        return try (0..<choices.count).map { _ in
            let pair = try next(&random)
            let task = GridTask(
                alphabet: alphabet,
                canvas: try GridCanvas(rows: pair.input.rows, columns: pair.input.columns))
            return members(
                puzzle: alphabet.line(pair.input), solution: alphabet.line(pair.output),
                task: .grid(task), board: PuzzleBoard(.grid(pair.input, task)))
        }
    }

    private static func members(
        puzzle: String, solution: String, task: PuzzleTask, board: PuzzleBoard,
        givens: Int? = nil, rating: Int? = nil, pathLength: Int? = nil
    ) -> JSONValue {
        .object([
            "puzzle": .text(puzzle), "solution": .text(solution), "task": task.description,
            "board": board.members, "givens": givens.map { .integer($0) } ?? .null,
            "rating": rating.map { .integer($0) } ?? .null,
            "path_length": pathLength.map { .integer($0) } ?? .null,
        ])
    }
}
