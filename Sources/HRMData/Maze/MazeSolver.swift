/// Finds shortest paths through mazes of one size, breadth first.
///
/// It keeps its memory from maze to maze, so that a generator can try thousands a second.
struct MazeSolver {
    /// Rows and columns of the mazes.
    let size: MazeSize
    /// For each cell that was reached, the number of steps from the start; -1 elsewhere.
    private(set) var distances: [Int32]
    /// The cells that were reached, the nearest first.
    private(set) var reached: [Int32] = []
    /// For each cell that was reached, the one before it on the way.
    private var parents: [Int32]

    init(size: MazeSize) {
        self.size = size
        distances = [Int32](repeating: -1, count: size.cellCount)
        parents = distances
        reached.reserveCapacity(size.cellCount)
    }

    /// Walks from a cell to all that can be reached from it.
    ///
    /// Neighbours are looked at in the order down, left, right, up, and the first way found to a
    /// cell is kept: so the answers of the published mazes come out, cell for cell.
    ///
    /// - Parameters:
    ///   - start: Where to begin.
    ///   - isOpen: Whether a cell can be walked on.
    mutating func explore(from start: Int, isOpen: (Int) -> Bool) {
        let (columns, count) = (size.columns, size.cellCount)
        for index in distances.indices { distances[index] = -1 }
        reached.removeAll(keepingCapacity: true)
        reached.append(Int32(start))
        distances[start] = 0
        var next = 0
        while next < reached.count {
            let cell = Int(reached[next])
            next += 1
            let column = cell % columns
            if cell + columns < count { visit(cell + columns, from: cell, isOpen) }
            if column > 0 { visit(cell - 1, from: cell, isOpen) }
            if column + 1 < columns { visit(cell + 1, from: cell, isOpen) }
            if cell >= columns { visit(cell - columns, from: cell, isOpen) }
        }
    }

    private mutating func visit(_ cell: Int, from previous: Int, _ isOpen: (Int) -> Bool) {
        guard distances[cell] < 0, isOpen(cell) else { return }
        distances[cell] = distances[previous] + 1
        parents[cell] = Int32(previous)
        reached.append(Int32(cell))
    }

    /// The cell that was reached last; no other one is farther from the start.
    var farthest: Int { Int(reached[reached.count - 1]) }

    /// The cells beside, above and below a cell.
    func neighbours(of cell: Int) -> [Int] {
        let columns = size.columns
        var result: [Int] = []
        if cell + columns < size.cellCount { result.append(cell + columns) }
        if cell % columns > 0 { result.append(cell - 1) }
        if cell % columns + 1 < columns { result.append(cell + 1) }
        if cell >= columns { result.append(cell - columns) }
        return result
    }

    /// The cells between the start and a cell that was reached, from there backwards.
    func cellsBetweenStart(and cell: Int) -> [Int] {
        var cells: [Int] = []
        var current = cell
        while distances[current] > 1 {
            current = Int(parents[current])
            cells.append(current)
        }
        return cells
    }
}

extension Maze {
    /// A maze with the shortest way from start to goal drawn into it, if there is one.
    public struct Solution: Sendable, Hashable {
        /// The maze with the way.
        public var maze: Maze
        /// Cells of the way, start and goal included; the `rating` of the published mazes.
        public var length: Int
    }

    /// The shortest way: of several, the one that a breadth-first search finds first which looks
    /// down, left, right and up.
    ///
    /// - Returns: The maze with the way, of which an earlier one has been wiped off.
    /// - Throws: ``MazeError`` when there is no start, no goal or no way.
    public func solved() throws(MazeError) -> Solution {
        let (start, goal) = (try onlyCell(.start), try onlyCell(.goal))
        var solver = MazeSolver(size: size)
        solver.explore(from: start) { cells[$0] != .wall }
        let distance = Int(solver.distances[goal])
        guard distance >= 0 else { throw .noPath }
        var answer = Maze(size: size, cells: cells.map { $0 == .path ? .open : $0 })
        for cell in solver.cellsBetweenStart(and: goal) { answer[cell] = .path }
        return Solution(maze: answer, length: distance + 1)
    }
}
