/// A maze: walls, open cells, a start and a goal, and in an answer the path between them.
public struct Maze: Sendable, Hashable {
    /// The kinds of cells; the raw value is the token.
    public enum Cell: UInt8, Sendable, Hashable, CaseIterable {
        /// An impassable cell.
        case wall = 1
        /// A passable cell.
        case open
        /// The start of the path.
        case start
        /// The end of the path.
        case goal
        /// A cell of the path, between start and goal.
        case path

        /// The character of the cell.
        public var character: Character {
            switch self {
            case .wall: "#"
            case .open: " "
            case .start: "S"
            case .goal: "G"
            case .path: "o"
            }
        }

        /// Returns the cell of a character; `.` is an alternative for an open cell.
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

    /// The numbers of rows and columns.
    public let size: MazeSize
    /// The cells, row by row, `[rows · columns]`.
    public private(set) var cells: [Cell]

    /// The largest token plus one: the padding (0) and the five kinds of cells.
    public static let vocabularySize = 6
    /// The supported numbers of rows and of columns.
    public static let sizes = 2...128

    /// Creates a maze from its cells.
    ///
    /// - Precondition: There are `size.cellCount` cells.
    public init(size: MazeSize, cells: [Cell]) {
        precondition(cells.count == size.cellCount, "\(cells.count) cells for a maze of \(size)")
        self.size = size
        self.cells = cells
    }

    /// Creates a maze from the tokens of a data set or of a model's answer.
    ///
    /// - Parameters:
    ///   - tokens: One token per cell, row by row.
    ///   - wanted: The expected size; by default a square.
    /// - Throws: ``MazeError`` if the number of tokens is wrong, or one is not a cell.
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

    /// Returns the size of a square maze with a given number of cells.
    static func size(ofCells count: Int) throws(MazeError) -> MazeSize {
        let side = Int(Double(count).squareRoot().rounded())
        guard side * side == count else { throw .notSquare(cells: count) }
        guard sizes.contains(side) else { throw .size(.square(side)) }
        return .square(side)
    }

    /// Returns the only cell of a kind, such as the start.
    func onlyCell(_ kind: Cell) throws(MazeError) -> Int {
        var place: Int?
        for index in cells.indices where cells[index] == kind {
            guard place == nil else { throw .several(kind) }
            place = index
        }
        guard let place else { throw .missing(kind) }
        return place
    }

    /// Checks that the maze is a question: it has one start and one goal, and no path.
    ///
    /// - Throws: ``MazeError``.
    public func checkQuestion() throws(MazeError) {
        _ = try onlyCell(.start)
        _ = try onlyCell(.goal)
        if let index = cells.firstIndex(of: .path) {
            throw .pathInQuestion(cell: index, size: size)
        }
    }

    /// Checks that the maze is a question, see ``checkQuestion()``, with a path from start to goal.
    ///
    /// - Throws: ``MazeError``.
    public func checkSolvable() throws(MazeError) {
        try checkQuestion()
        _ = try solved()
    }

    /// Returns the rotated or flipped maze.
    package func transformed(by transform: DihedralTransform) -> Maze {
        let grid = PuzzleGrid(rows: size.rows, columns: size.columns, cells: tokens)
        return Maze(
            size: size.transformed(by: transform),
            cells: transform.apply(to: grid).cells.compactMap(Cell.init(rawValue:)))
    }
}
