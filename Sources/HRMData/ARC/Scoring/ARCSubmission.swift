import HRMFiles

/// Two attempts at each test input, in the competition's format.
public struct ARCSubmission: Sendable, Hashable {
    /// Attempts at each test input.
    public static let attempts = 2

    /// For each task its name, and for each of its test inputs the attempts.
    public var tasks: [(name: String, tests: [[PuzzleGrid]])] {
        zip(names, grids).map { ($0, $1) }
    }

    private var names: [String]
    private var grids: [[[PuzzleGrid]]]

    /// The best candidates of a vote.
    ///
    /// A single candidate is both attempts; without any, both are empty grids.
    public init(_ vote: ARCVote) {
        names = vote.tasks.map(\.name)
        grids = vote.tasks.indices.map { task in
            vote.tasks[task].tests.indices.map { test in
                let best = vote.ranking(ofTask: task, test: test).prefix(Self.attempts)
                let fill = best.first?.grid ?? PuzzleGrid(rows: 0, columns: 0, cells: [])
                return best.map(\.grid)
                    + repeatElement(fill, count: Self.attempts - best.count)
            }
        }
    }

    /// The file's text.
    public var jsonText: String {
        let entries = tasks.map { task in
            let tests = task.tests.map { attempts in
                let members = attempts.enumerated().map {
                    "\"attempt_\($0 + 1)\": \($1.jsonText)"
                }
                return "{" + members.joined(separator: ", ") + "}"
            }
            return "\(PythonJSON.text(task.name)): [\(tests.joined(separator: ", "))]"
        }
        return "{" + entries.joined(separator: ", ") + "}"
    }
}
