import HRMData
import HRMFigures

/// ARC tasks as pictures, with what a model has answered.
enum ARCPictures {
    private typealias Panel = PictureSheet.Panel

    /// A task's demonstrations, a pair a row.
    static func demonstrations(of task: ARCTask) -> [[PictureSheet.Panel]] {
        task.demonstrations.enumerated().map { index, pair in
            [Panel("\(name(task)), example \(index + 1)", .arc(pair.input))]
                + (pair.output.map { [Panel("answer", .arc($0))] } ?? [])
        }
    }

    /// The test inputs of a task of a vote, each with the attempts and the right answer if that is
    /// known.
    static func answers(of vote: ARCVote, task index: Int) -> [[PictureSheet.Panel]] {
        let task = vote.tasks[index]
        return task.tests.enumerated().map { number, test in
            let attempts = vote.ranking(ofTask: index, test: number)
                .prefix(ARCSubmission.attempts)
            return [Panel("\(name(task)), test \(number + 1)", .arc(test.input))]
                + attempts.enumerated().map { place, candidate in
                    let verdict = test.output.map { $0 == candidate.grid ? ": right" : ": wrong" }
                    return Panel(
                        "attempt \(place + 1)\(verdict ?? "")",
                        .arc(candidate.grid, right: test.output))
                } + (test.output.map { [Panel("right answer", .arc($0))] } ?? [])
        }
    }

    /// The name, so short that four grids have room beside each other on a terminal.
    private static func name(_ task: ARCTask) -> String {
        String((InspectionPictures.printable(task.name) ?? "task").prefix(18))
    }
}
