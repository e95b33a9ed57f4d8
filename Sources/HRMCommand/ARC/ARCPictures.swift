import HRM
import HRMData
import HRMFigures
import HRMPerTask

/// Pictures of ARC tasks and of a model's answers.
enum ARCPictures {
    private typealias Panel = PictureSheet.Panel

    /// Returns a task's demonstrations, one pair per row.
    static func demonstrations(of task: ARCTask) -> [[PictureSheet.Panel]] {
        task.demonstrations.enumerated().map { index, pair in
            [Panel("\(name(task)), example \(index + 1)", .arc(pair.input))]
                + (pair.output.map { [Panel("answer", .arc($0))] } ?? [])
        }
    }

    /// Returns the test inputs of a task of a vote, each with the attempts and, if known, the
    /// correct answer.
    static func answers(of vote: ARCVote, task index: Int) -> [[PictureSheet.Panel]] {
        let task = vote.tasks[index]
        return vote.answers(toTask: index).enumerated().map { number, answer in
            let right = answer.test.output
            return [Panel("\(name(task)), test \(number + 1)", .arc(answer.test.input))]
                + answer.attempts.enumerated().map { place, candidate in
                    let verdict = answer.isRight(candidate).map { $0 ? ": right" : ": wrong" }
                    return Panel(
                        "attempt \(place + 1)\(verdict ?? "")",
                        .arc(candidate.grid, right: right))
                } + (right.map { [Panel("right answer", .arc($0))] } ?? [])
        }
    }

    /// Returns the test inputs of a task with the answers of a learner.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - progress: The progress, with the attempts.
    ///   - showsLatest: True to add the network's answer in the last step.
    ///   - marks: True to mark wrong cells and add the correct answers, if they are known.
    /// - Returns: One row per test input.
    static func answers(
        of task: ARCTask, _ progress: PerTaskProgress, showsLatest: Bool = false, marks: Bool
    ) -> [[PictureSheet.Panel]] {
        task.tests.indices.map { test in
            let right = marks ? task.tests[test].output : nil
            var row = [Panel("\(name(task)), test \(test + 1)", .arc(task.tests[test].input))]
            if showsLatest, progress.latest.indices.contains(test) {
                row.append(Panel("step \(progress.step)", .arc(progress.latest[test])))
            }
            for (number, attempt) in progress.attempts[test].enumerated() {
                let verdict =
                    right.map { $0 == attempt.grid ? ": right" : ": wrong" }
                    ?? ", \(NumberText.percent(attempt.sureness, digits: 0))"
                row.append(
                    Panel("attempt \(number + 1)\(verdict)", .arc(attempt.grid, right: right)))
            }
            return row + (right.map { [Panel("right answer", .arc($0))] } ?? [])
        }
    }

    /// The name, shortened so that four grids fit side by side on a terminal.
    private static func name(_ task: ARCTask) -> String {
        String((InspectionPictures.printable(task.name) ?? "task").prefix(18))
    }
}
