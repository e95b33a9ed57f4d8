/// A grid and what it should become.
public struct ARCPair: Sendable, Hashable {
    /// The grid that is given.
    public var input: PuzzleGrid
    /// The right answer; `nil` where it is kept secret, as in the competition's test files.
    public var output: PuzzleGrid?

    /// A pair.
    public init(input: PuzzleGrid, output: PuzzleGrid?) {
        self.input = input
        self.output = output
    }

    /// The longest side of both grids.
    var longestSide: Int {
        [input, output ?? input].reduce(0) { max($0, $1.rows, $1.columns) }
    }
}

/// A task of the Abstraction and Reasoning Corpus: some solved pairs, and inputs to be solved alike.
public struct ARCTask: Sendable, Hashable {
    /// The name: the one in the task's file, else that of the file, or the key in a file of many.
    public var name: String
    /// The pairs to learn from, `train` in files; all of them have outputs.
    public var demonstrations: [ARCPair]
    /// The pairs to solve, `test` in files.
    public var tests: [ARCPair]

    /// Rows and columns of a grid at most.
    public static let largestSide = 30
    /// Colours are `0 ..< colorCount`.
    public static let colorCount = 10

    /// A task.
    public init(name: String, demonstrations: [ARCPair], tests: [ARCPair]) {
        self.name = name
        self.demonstrations = demonstrations
        self.tests = tests
    }

    /// All pairs, demonstrations first.
    public var pairs: [ARCPair] { demonstrations + tests }
    /// The longest side of all grids.
    public var longestSide: Int { pairs.reduce(0) { max($0, $1.longestSide) } }
}
