/// Finds shortest paths through mazes of one size by breadth-first search.
///
/// It reuses its memory between mazes, so that a generator can try thousands per second.
struct MazeSolver {
    /// The size of the mazes.
    let size: MazeSize
    /// The number of steps from the start to each cell; -1 if not reached.
    private(set) var distances: [Int32]
    /// The reached cells, nearest first.
    private(set) var reached: [Int32] = []
    /// The predecessor of each reached cell on its path.
    private var parents: [Int32]

    init(size: MazeSize) {
        self.size = size
        distances = [Int32](repeating: -1, count: size.cellCount)
        parents = distances
        reached.reserveCapacity(size.cellCount)
    }

    /// Explores all cells that can be reached from a start.
    ///
    /// Neighbours are visited in the order down, left, right, up, and the first path found to a
    /// cell is kept, which reproduces the answers of the published mazes cell for cell.
    ///
    /// - Parameters:
    ///   - start: The start cell.
    ///   - isOpen: Returns true if a cell is passable.
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

    /// The cell reached last; no other one is farther from the start.
    var farthest: Int { Int(reached[reached.count - 1]) }

    /// Returns the cells beside, above and below a cell.
    func neighbours(of cell: Int) -> [Int] {
        let columns = size.columns
        var result: [Int] = []
        if cell + columns < size.cellCount { result.append(cell + columns) }
        if cell % columns > 0 { result.append(cell - 1) }
        if cell % columns + 1 < columns { result.append(cell + 1) }
        if cell >= columns { result.append(cell - columns) }
        return result
    }

    /// Returns the cells between the start and a reached cell, in reverse order.
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
    /// A maze with a shortest path from start to goal.
    public struct Solution: Sendable, Hashable {
        /// The maze with the path.
        public var maze: Maze
        /// The number of cells of the path, including start and goal; the `rating` of the published
        /// mazes.
        public var length: Int
    }

    /// Returns a shortest path: of several, the first found by a breadth-first search in the order
    /// down, left, right, up.
    ///
    /// - Returns: The maze with the path; an existing path is removed first.
    /// - Throws: ``MazeError`` if there is no start, no goal or no path.
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
