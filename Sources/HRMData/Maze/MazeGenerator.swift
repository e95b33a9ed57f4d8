/// Makes mazes like the published ones, no two of them alike.
///
/// Every cell is a wall with the same probability, whatever its neighbours are, and there is no
/// border: so 30×30 mazes look that are published as "Maze-Hard" (37 % walls). The start is
/// drawn among the open cells, the goal among those that are far enough from it. Where none is, the
/// cell farthest away is the start instead: long ways would be rare otherwise.
public struct MazeGenerator: Sendable {
    /// The share of walls in the published mazes.
    public static let publishedWallShare = 0.37

    /// Rows and columns of the mazes.
    public let size: MazeSize
    /// Cells of the shortest way at least, start and goal included.
    public let minimumPathLength: Int
    /// The probability of a wall.
    public let wallShare: Double
    /// Whether mazes with several shortest ways are left out.
    public let requiresUniquePath: Bool
    /// Maps of walls that are tried for one maze before giving up.
    public var attemptsPerMaze = 20_000

    private var solver: MazeSolver
    private var seen: Set<UInt64> = []

    /// A generator that has not made any maze yet.
    ///
    /// - Parameters:
    ///   - size: Rows and columns.
    ///   - minimumPathLength: Cells of the shortest way at least, start and goal included; by default
    ///     half as many as the longer side has. The published ones have 110 and more.
    ///   - wallShare: The probability of a wall.
    ///   - requiresUniquePath: Whether every maze is to have one shortest way only.
    /// - Throws: ``MazeGenerationError`` when no maze can be as wanted.
    public init(
        size: MazeSize, minimumPathLength: Int? = nil, wallShare: Double = publishedWallShare,
        requiresUniquePath: Bool = false
    ) throws(MazeGenerationError) {
        guard size.isAccepted else { throw .size(size) }
        guard wallShare >= 0, wallShare < 1 else { throw .wallShare(wallShare) }
        let length = minimumPathLength ?? max(2, size.longerSide / 2)
        let longest = Self.longestPath(size: size)
        guard (2...longest).contains(length) else {
            throw .impossibleLength(length, size: size, longest: longest)
        }
        self.size = size
        self.minimumPathLength = length
        self.wallShare = wallShare
        self.requiresUniquePath = requiresUniquePath
        solver = MazeSolver(size: size)
    }

    /// A length that no shortest way exceeds.
    ///
    /// Of each 2×2 block of cells a shortest way uses three at most: with all four there would be a
    /// shorter way. A row is left over where the number of rows is odd, and likewise a column.
    public static func longestPath(size: MazeSize) -> Int {
        let blocks = (size.rows / 2) * (size.columns / 2)
        let covered = 4 * blocks
        return 3 * blocks + size.cellCount - covered
    }

    /// Makes sure that this question will not be generated.
    public mutating func exclude(_ question: Maze) {
        seen.insert(question.fingerprint)
    }

    /// The next maze, different from all before and from all excluded ones.
    ///
    /// - Throws: ``MazeGenerationError`` after ``attemptsPerMaze`` maps without success.
    public mutating func next(
        using generator: inout some RandomNumberGenerator
    ) throws(MazeGenerationError) -> MazePuzzle {
        try ErasedGenerator.erasing(&generator) { (generator) throws(MazeGenerationError) in
            try next(drawing: &generator)
        }
    }

    private mutating func next(
        drawing generator: inout ErasedGenerator
    ) throws(MazeGenerationError) -> MazePuzzle {
        var walls = [Bool](repeating: false, count: size.cellCount)
        var longest = 0
        var wasRepeated = false
        for _ in 0..<attemptsPerMaze {
            build(&walls, using: &generator)
            var start = Int.random(in: 0..<walls.count, using: &generator)
            guard !walls[start] else { continue }
            solver.explore(from: start) { !walls[$0] }
            if length(to: solver.farthest) < minimumPathLength {
                start = solver.farthest
                solver.explore(from: start) { !walls[$0] }
            }
            longest = max(longest, length(to: solver.farthest))
            guard let goal = goal(using: &generator) else { continue }
            var question = Maze(size: size, cells: walls.map { $0 ? .wall : .open })
            question[start] = .start
            question[goal] = .goal
            guard seen.insert(question.fingerprint).inserted else {
                wasRepeated = true
                continue
            }
            var answer = question
            for cell in solver.cellsBetweenStart(and: goal) { answer[cell] = .path }
            return MazePuzzle(
                unchecked: question, answer: answer, source: "generated",
                pathLength: length(to: goal))
        }
        if wasRepeated { throw .exhausted(size: size, attempts: attemptsPerMaze, made: seen.count) }
        throw .lengthNotReached(
            minimumPathLength, size: size, attempts: attemptsPerMaze, longest: longest)
    }

    /// Draws the walls, four cells from one number.
    private func build(_ walls: inout [Bool], using generator: inout ErasedGenerator) {
        let threshold = UInt64(wallShare * 65_536)
        var bits: UInt64 = 0
        for cell in walls.indices {
            if cell.isMultiple(of: 4) { bits = generator.next() }
            walls[cell] = bits & 0xFFFF < threshold
            bits >>= 16
        }
    }

    private func length(to cell: Int) -> Int { Int(solver.distances[cell]) + 1 }

    /// A random cell among those that are far enough from the start.
    private func goal(using generator: inout ErasedGenerator) -> Int? {
        // The cells are in the order of their distances.
        let far = solver.reached.reversed().prefix { length(to: Int($0)) >= minimumPathLength }
        let goals = requiresUniquePath ? uniquelyReached(far) : far.map(Int.init)
        return goals.randomElement(using: &generator)
    }

    /// Those of the cells to which one shortest way leads only.
    private func uniquelyReached(_ cells: some Sequence<Int32>) -> [Int] {
        // The number of ways, of which only "one" and "more" matter.
        var ways = [UInt8](repeating: 0, count: size.cellCount)
        for (index, place) in solver.reached.enumerated() {
            let cell = Int(place)
            guard index > 0 else {
                ways[cell] = 1
                continue
            }
            let nearer = solver.neighbours(of: cell).filter {
                solver.distances[$0] >= 0 && solver.distances[$0] == solver.distances[cell] - 1
            }
            ways[cell] = min(2, nearer.reduce(0) { $0 + ways[$1] })
        }
        return cells.map(Int.init).filter { ways[$0] == 1 }
    }
}

/// Why no maze could be generated.
public enum MazeGenerationError: Error, Equatable, Sendable {
    /// A number of rows or columns that is not accepted.
    case size(MazeSize)
    /// A share of walls that is none.
    case wallShare(Double)
    /// No maze of the size has such a long shortest way.
    case impossibleLength(Int, size: MazeSize, longest: Int)
    /// No maze with such a long shortest way was found.
    case lengthNotReached(Int, size: MazeSize, attempts: Int, longest: Int)
    /// Every maze that was found had been generated or excluded before.
    case exhausted(size: MazeSize, attempts: Int, made: Int)
}

extension MazeGenerationError: CustomStringConvertible {
    /// One sentence: what was wanted, what was tried, and what to ask for instead.
    public var description: String {
        switch self {
        case .size(let size):
            "a maze of \(size) is not possible; ask for \(Maze.sizes.lowerBound) to "
                + "\(Maze.sizes.upperBound) rows and columns"
        case .wallShare(let share):
            "a share of \(share) walls is impossible; ask for at least 0 and less than 1"
        case .impossibleLength(let length, let size, let longest):
            "\(size.withArticle) maze has no shortest way of \(length) cells; ask for 2 to \(longest)"
        case .lengthNotReached(let length, let size, let attempts, let longest):
            "\(attempts) random \(size) maps gave no shortest way of \(length) cells of "
                + "the wanted kind, the longest one had \(longest); ask for less, or for another "
                + "share of walls"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size) maps gave no maze that is not among the \(made) made "
                + "before; ask for fewer or larger mazes"
        }
    }
}
