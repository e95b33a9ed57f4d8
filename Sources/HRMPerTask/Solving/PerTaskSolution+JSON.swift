import HRMData
package import HRMFiles

extension PerTaskSolution {
    /// The members that `hrm solve --json` prints of a task.
    package var members: [String: JSONValue] {
        let tests = progress.attempts.enumerated().map { test, attempts in
            JSONValue.object([
                "attempts": .list(
                    attempts.map { attempt in
                        .object([
                            "grid": attempt.grid.jsonRows,
                            "sureness": .number(attempt.sureness),
                            "right": isRight(attempt, test: test).map { .flag($0) }
                                ?? .null,
                        ])
                    }),
                "candidates": .integer(candidates[test].count),
                "rank": ranks[test].map { .integer($0) } ?? .null,
            ])
        }
        return [
            "task": .text(task.name), "tests": .list(tests),
            "steps": .integer(progress.step), "ending": .text(ending.rawValue),
            "stable_steps": .integer(progress.stableSteps),
            "divergence": .number(progress.divergence),
            "reconstruction": .number(progress.reconstruction),
            "seconds": .number(progress.seconds), "flop": .number(progress.flop),
        ]
    }

    /// Returns whether an attempt is the correct answer to a test input.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - test: The number of the test input, from 0.
    /// - Returns: True if it is right; nil if that is unknown.
    package func isRight(_ attempt: TaskCandidate, test: Int) -> Bool? {
        task.tests[test].output.map { $0 == attempt.grid }
    }
}
