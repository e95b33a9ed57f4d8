import HRMFiles

/// Generates distinct mazes with the distribution of the published ones.
///
/// Every cell is a wall with the same probability, independent of its neighbours, and there is no
/// border, as in the 30×30 mazes published as "Maze-Hard" (37 % walls). The start is drawn among
/// the open cells, the goal among those far enough from it. If there is none, the farthest cell
/// becomes the start instead, because long paths would be rare otherwise.
public struct MazeGenerator: Sendable {
    /// The share of walls in the published mazes.
    public static let publishedWallShare = 0.37

    /// The size of the mazes.
    public let size: MazeSize
    /// The minimum number of cells of a shortest path, including start and goal.
    public let minimumPathLength: Int
    /// The probability of a wall.
    public let wallShare: Double
    /// True if mazes with several shortest paths are left out.
    public let requiresUniquePath: Bool
    /// The maximum number of wall maps tried for one maze.
    public var attemptsPerMaze = 20_000

    private var solver: MazeSolver
    private var seen: Set<UInt64> = []

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - size: The size of the mazes.
    ///   - minimumPathLength: The minimum number of cells of a shortest path, including start and
    ///     goal; by default half the longer side. The published mazes have at least 110.
    ///   - wallShare: The probability of a wall.
    ///   - requiresUniquePath: True if every maze must have exactly one shortest path.
    /// - Throws: ``MazeGenerationError`` if there are no such mazes.
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

    /// Returns an upper bound of the length of shortest paths.
    ///
    /// A shortest path has at most three cells of each 2×2 block: with all four there would be a
    /// shorter path. One row is left over if the number of rows is odd, and likewise one column.
    public static func longestPath(size: MazeSize) -> Int {
        let blocks = (size.rows / 2) * (size.columns / 2)
        let covered = 4 * blocks
        return 3 * blocks + size.cellCount - covered
    }

    /// Excludes a question from generation.
    public mutating func exclude(_ question: Maze) {
        seen.insert(question.fingerprint)
    }

    /// Returns the next maze, different from all previous and all excluded ones.
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

    /// Draws the walls, four cells from one random number.
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

    /// Returns a random cell among those far enough from the start.
    private func goal(using generator: inout ErasedGenerator) -> Int? {
        // The cells are in the order of their distances.
        let far = solver.reached.reversed().prefix { length(to: Int($0)) >= minimumPathLength }
        let goals = requiresUniquePath ? uniquelyReached(far) : far.map(Int.init)
        return goals.randomElement(using: &generator)
    }

    /// Returns the cells with exactly one shortest path.
    private func uniquelyReached(_ cells: some Sequence<Int32>) -> [Int] {
        // The number of shortest paths, capped at 2.
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

/// An error in generating mazes.
public enum MazeGenerationError: Error, Equatable, Sendable {
    /// The number of rows or columns is not supported.
    case size(MazeSize)
    /// The share of walls is not valid.
    case wallShare(Double)
    /// No maze of the size can have such a long shortest path.
    case impossibleLength(Int, size: MazeSize, longest: Int)
    /// No maze with such a long shortest path was found.
    case lengthNotReached(Int, size: MazeSize, attempts: Int, longest: Int)
    /// Every maze found had been generated or excluded before.
    case exhausted(size: MazeSize, attempts: Int, made: Int)
}

extension MazeGenerationError: CustomStringConvertible {
    /// A sentence that states the request, the attempts and the possible values.
    public var description: String {
        switch self {
        case .size(let size):
            "a maze of \(size) is not possible; ask for \(Maze.sizes.lowerBound) to "
                + "\(Maze.sizes.upperBound) rows and columns"
        case .wallShare(let share):
            "a share of \(share) walls is impossible; ask for at least 0 and less than 1"
        case .impossibleLength(let length, let size, let longest):
            "\(size.withArticle) maze has no shortest path of \(length.counted("cell")); ask for 2 to \(longest)"
        case .lengthNotReached(let length, let size, let attempts, let longest):
            "\(attempts) random \(size) maps gave no shortest path of \(length.counted("cell")) of "
                + "the wanted kind, the longest one had \(longest); ask for less, or for another "
                + "share of walls"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size) maps gave no maze that is not among the \(made) made "
                + "before; ask for fewer or larger mazes"
        }
    }
}
