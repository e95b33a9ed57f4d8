import HRMData
import HRMModel
import HRMTensor
import HRMTraining

/// Solves one puzzle after the other and shows how each answer came about.
struct TracingSolver {
    private let task: any SolvableTask
    private let checker: PuzzleStream.Checker?
    private let plan: ThinkingPlan
    private let reasoner: PuzzleReasoner
    private var writer: SolutionWriter

    /// - Parameters:
    ///   - model: The model.
    ///   - puzzleTask: What it solves.
    ///   - plan: How much thought each puzzle gets.
    ///   - usesChecker: Whether a puzzle is left as soon as an answer on the way is valid.
    ///   - workers: Threads.
    ///   - writer: Prints what comes of it.
    /// - Throws: ``CommandError`` when there is more than one attempt to show, or nobody can check
    ///   the task's answers.
    init(
        model: HierarchicalReasoningModel, puzzleTask: PuzzleTask, plan: ThinkingPlan,
        usesChecker: Bool, workers: Workers, writer: SolutionWriter
    ) throws {
        guard plan.attempts == 1 else {
            throw CommandError(
                "--trace shows the one attempt at a puzzle; leave it out, or --votes and --starts")
        }
        checker = try puzzleTask.checker(isWanted: usesChecker)
        task = puzzleTask.solvable
        self.plan = plan
        self.writer = writer
        reasoner = PuzzleReasoner(model: model, workers: workers)
    }

    /// Solves everything that the arguments name.
    ///
    /// - Throws: ``CommandError`` when something cannot be read or printed; the exit status, when
    ///   something was no puzzle.
    mutating func solve(_ arguments: [String]) throws {
        let inputs = PuzzleInputs(arguments, task: task, ahead: 1)
        while case .next(let input) = try inputs.next(waiting: true) {
            switch input {
            case .refused(let message, let place):
                try writer.refuse(message, puzzle: nil, place: place)
            case .text(let text, let place):
                let question: PuzzleQuestion
                do {
                    question = try task.question(text)
                } catch {
                    let message = place.explanation(of: error, text: text, task: task)
                    try writer.refuse(message, puzzle: text, place: place)
                    continue
                }
                try writer.write(solved(question), place: place)
            }
        }
        try writer.finish()
    }

    private func solved(_ question: PuzzleQuestion) -> SolvedPuzzle {
        var hasHalted = false
        var firstValid: [Int32]?
        let thoughts = reasoner.solve(
            tokens: question.tokens, puzzleIdentifier: question.identifier,
            maxSteps: plan.maxSteps
        ) { thought in
            hasHalted = plan.halting.halts(qHalt: thought.qHalt, qContinue: thought.qContinue)
            if checker?(question.tokens, thought.tokens) == true { firstValid = thought.tokens }
            return hasHalted || firstValid != nil
        }
        return SolvedPuzzle(
            question: question,
            solution: PuzzleSolution(
                thoughts: thoughts, hasHalted: hasHalted, firstValid: firstValid),
            thoughts: thoughts, isChecked: checker != nil)
    }
}

extension PuzzleTask {
    /// The task's checker, if it is wanted.
    ///
    /// - Throws: ``CommandError`` when it is wanted and there is none.
    func checker(isWanted: Bool) throws -> PuzzleStream.Checker? {
        guard isWanted else { return nil }
        guard let checker else {
            throw CommandError(
                "--checker needs a puzzle whose rules are known, a Sudoku or a maze; this model is "
                    + "for grids of your own")
        }
        return checker
    }
}
