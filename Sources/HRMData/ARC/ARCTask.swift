/// An input grid and the expected output.
public struct ARCPair: Sendable, Hashable {
    /// The input grid.
    public var input: PuzzleGrid
    /// The expected output; `nil` if it is secret, as in the competition's test files.
    public var output: PuzzleGrid?

    /// Creates a pair.
    public init(input: PuzzleGrid, output: PuzzleGrid?) {
        self.input = input
        self.output = output
    }

    /// The longest side of both grids.
    var longestSide: Int {
        [input, output ?? input].reduce(0) { max($0, $1.rows, $1.columns) }
    }
}

/// A task of the Abstraction and Reasoning Corpus: demonstration pairs, and inputs to solve.
public struct ARCTask: Sendable, Hashable {
    /// The name: from the task itself, otherwise from its file, or its key in a file of many tasks.
    public var name: String
    /// The demonstration pairs, `train` in files; all of them have outputs.
    public var demonstrations: [ARCPair]
    /// The pairs to solve, `test` in files.
    public var tests: [ARCPair]

    /// The maximum number of rows and of columns of a grid.
    public static let largestSide = 30
    /// The number of colours; they are `0 ..< colorCount`.
    public static let colorCount = 10

    /// Creates a task.
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
