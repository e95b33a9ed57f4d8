import HRMFiles

/// Two attempts at each test input, in the competition's format.
public struct ARCSubmission: Sendable, Hashable {
    /// The number of attempts at each test input.
    public static let attempts = 2

    /// The name of each task, and the attempts at each of its test inputs.
    public var tasks: [(name: String, tests: [[PuzzleGrid]])] {
        zip(names, grids).map { ($0, $1) }
    }

    private var names: [String]
    private var grids: [[[PuzzleGrid]]]

    /// Creates a submission from the best candidates of a vote.
    ///
    /// A single candidate fills both attempts; without candidates, both are empty grids.
    public init(_ vote: ARCVote) {
        self.init(
            vote.tasks.indices.map { task in
                (
                    vote.tasks[task].name,
                    vote.tasks[task].tests.indices.map { test in
                        vote.ranking(ofTask: task, test: test).map(\.grid)
                    }
                )
            })
    }

    /// Creates a submission from attempts.
    ///
    /// A single attempt is repeated; without attempts, both are empty grids.
    ///
    /// - Parameter tasks: The name of each task, and the attempts at each of its test inputs, the
    ///   best first; further ones are ignored.
    public init(_ tasks: [(name: String, tests: [[PuzzleGrid]])]) {
        names = tasks.map(\.name)
        grids = tasks.map { task in
            task.tests.map { attempts in
                let best = Array(attempts.prefix(Self.attempts))
                let fill = best.first ?? PuzzleGrid(rows: 0, columns: 0, cells: [])
                return best + repeatElement(fill, count: Self.attempts - best.count)
            }
        }
    }

    /// The text of the submission file.
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
