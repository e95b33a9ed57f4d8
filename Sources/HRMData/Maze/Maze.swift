/// A maze: walls, open cells, a start and a goal, and in an answer the way between them.
public struct Maze: Sendable, Hashable {
    /// What a cell can be; the raw value is its token.
    public enum Cell: UInt8, Sendable, Hashable, CaseIterable {
        /// Nobody gets through.
        case wall = 1
        /// Free to walk on.
        case open
        /// Where the way begins.
        case start
        /// Where it ends.
        case goal
        /// A part of the way, between start and goal.
        case path

        /// How the cell is written.
        public var character: Character {
            switch self {
            case .wall: "#"
            case .open: " "
            case .start: "S"
            case .goal: "G"
            case .path: "o"
            }
        }

        /// The cell that a character stands for; `.` is another way to write an open one.
        init?(_ character: Character) {
            switch character {
            case "#": self = .wall
            case " ", ".": self = .open
            case "S": self = .start
            case "G": self = .goal
            case "o": self = .path
            default: return nil
            }
        }
    }

    /// Rows and columns of the maze.
    public let size: MazeSize
    /// `[rows · columns]`, row by row.
    public private(set) var cells: [Cell]

    /// The largest token plus one: the padding (0) and the five kinds of cells.
    public static let vocabularySize = 6
    /// How many rows, and how many columns, a maze may have.
    public static let sizes = 2...128

    /// A maze of given cells.
    ///
    /// - Precondition: There are as many cells as the size has.
    public init(size: MazeSize, cells: [Cell]) {
        precondition(cells.count == size.cellCount, "\(cells.count) cells for a maze of \(size)")
        self.size = size
        self.cells = cells
    }

    /// A maze from the tokens of a data set, or of a model's answer.
    ///
    /// - Parameters:
    ///   - tokens: One token a cell, row by row.
    ///   - wanted: The wanted size; a square unless given.
    /// - Throws: ``MazeError`` when they are not as many as a maze has, or one is not a cell.
    public init(
        tokens: some Collection<Int32>, size wanted: MazeSize? = nil
    ) throws(MazeError) {
        let size: MazeSize
        if let wanted {
            guard tokens.count == wanted.cellCount else {
                throw .cellCount(found: tokens.count, expected: wanted)
            }
            size = wanted
        } else {
            size = try Self.size(ofCells: tokens.count)
        }
        var cells: [Cell] = []
        cells.reserveCapacity(tokens.count)
        for token in tokens {
            guard let byte = UInt8(exactly: token), let cell = Cell(rawValue: byte) else {
                throw .invalidToken(Int(token), cell: cells.count, size: size)
            }
            cells.append(cell)
        }
        self.init(size: size, cells: cells)
    }

    /// The cell at an index, row by row.
    public subscript(index: Int) -> Cell {
        get { cells[index] }
        set { cells[index] = newValue }
    }

    /// The cells as tokens.
    public var tokens: [UInt8] { cells.map(\.rawValue) }

    /// The size of a square maze with so many cells.
    static func size(ofCells count: Int) throws(MazeError) -> MazeSize {
        let side = Int(Double(count).squareRoot().rounded())
        guard side * side == count else { throw .notSquare(cells: count) }
        guard sizes.contains(side) else { throw .size(.square(side)) }
        return .square(side)
    }

    /// The one cell of a kind, such as the start.
    func onlyCell(_ kind: Cell) throws(MazeError) -> Int {
        var place: Int?
        for index in cells.indices where cells[index] == kind {
            guard place == nil else { throw .several(kind) }
            place = index
        }
        guard let place else { throw .missing(kind) }
        return place
    }

    /// Refuses what is no question: a maze needs one start and one goal, and no way drawn into it.
    ///
    /// - Throws: ``MazeError``.
    public func checkQuestion() throws(MazeError) {
        _ = try onlyCell(.start)
        _ = try onlyCell(.goal)
        if let index = cells.firstIndex(of: .path) {
            throw .pathInQuestion(cell: index, size: size)
        }
    }

    /// Refuses what nobody can solve: beside what ``checkQuestion()`` refuses, a goal that no path leads
    /// to.
    ///
    /// - Throws: ``MazeError``.
    public func checkSolvable() throws(MazeError) {
        try checkQuestion()
        _ = try solved()
    }

    /// The maze rotated or flipped.
    public func transformed(by transform: DihedralTransform) -> Maze {
        let grid = PuzzleGrid(rows: size.rows, columns: size.columns, cells: tokens)
        return Maze(
            size: size.transformed(by: transform),
            cells: transform.apply(to: grid).cells.compactMap(Cell.init(rawValue:)))
    }
}
