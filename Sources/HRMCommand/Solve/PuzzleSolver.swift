import HRMData
import HRMModel
import HRMTensor
import HRMTraining

/// Solves puzzles as they come, many at the same time, and prints what comes of them in their order.
struct PuzzleSolver {
    /// What stands in the order of the inputs and is not yet printed.
    private enum Waiting {
        case puzzle(PuzzleQuestion, PuzzlePlace)
        case refusal(String, puzzle: String?, PuzzlePlace)
    }

    private let task: any SolvableTask
    private let checker: PuzzleStream.Checker?
    private let model: HierarchicalReasoningModel
    private let puzzleTask: PuzzleTask
    private let plan: ThinkingPlan
    private let slots: Int
    private let workers: Workers
    private var writer: SolutionWriter
    private var waiting: [Waiting] = []

    /// - Parameters:
    ///   - model: The model.
    ///   - puzzleTask: What it solves.
    ///   - plan: How much thought each puzzle gets.
    ///   - usesChecker: Whether a puzzle is left as soon as an answer on the way is valid.
    ///   - slots: Attempts at the same time; as many as suit the model unless given.
    ///   - workers: Threads.
    ///   - writer: Prints what comes of it.
    /// - Throws: ``CommandError`` when nobody can check the task's answers.
    init(
        model: HierarchicalReasoningModel, puzzleTask: PuzzleTask, plan: ThinkingPlan,
        usesChecker: Bool, slots: Int?, workers: Workers, writer: SolutionWriter
    ) throws {
        checker = try puzzleTask.checker(isWanted: usesChecker)
        task = puzzleTask.solvable
        self.model = model
        self.puzzleTask = puzzleTask
        self.plan = plan
        self.slots = slots ?? ReasoningEngine.suitableSlots(for: model, workers: workers)
        self.workers = workers
        self.writer = writer
    }

    /// Solves everything that the arguments name.
    ///
    /// - Parameters:
    ///   - arguments: Puzzles, and files with puzzles.
    ///   - opened: The lines that somebody has looked into already, by the place of their argument.
    /// - Throws: ``CommandError`` when something cannot be read or printed; the exit status, when
    ///   something was no puzzle.
    mutating func solve(_ arguments: [String], opened: [Int: PuzzleLines] = [:]) throws {
        let inputs = try PuzzleInputs(arguments, task: task, ahead: slots, opened: opened)
        var stream = PuzzleStream(
            model: model, task: puzzleTask, plan: plan, slots: slots, workers: workers,
            checker: checker, stopsAtValid: true)
        try stream.solve { isIdle in
            try nextQuestion(of: inputs, waiting: isIdle)
        } answered: { _, solution in
            try write(solution)
        }
        try writer.finish()
    }

    /// The next input that is a question; what is none is told when its turn has come.
    private mutating func nextQuestion(
        of inputs: PuzzleInputs, waiting mayWait: Bool
    ) throws -> Supply<PuzzleStream.Question> {
        // Nothing but errors in front of an unanswered puzzle: they must not become ever more.
        while waiting.count < 4 * slots {
            switch inputs.next(waiting: mayWait) {
            case .end: return .end
            case .nothingYet: return .nothingYet
            case .next(.refused(let message, let place)):
                waiting.append(.refusal(message, puzzle: nil, place))
            case .next(.text(let text, let place)):
                do {
                    let question = try task.question(text)
                    waiting.append(.puzzle(question, place))
                    return .next(
                        .init(tokens: question.tokens, identifier: question.identifier))
                } catch {
                    let message = place.explanation(of: error, text: text, task: task)
                    waiting.append(.refusal(message, puzzle: text, place))
                }
            }
            try writeRefusals()
        }
        return .nothingYet
    }

    /// Prints the solution of the first puzzle that waits, and the errors behind it.
    private mutating func write(_ solution: PuzzleSolution) throws {
        guard case .puzzle(let question, let place)? = waiting.first else {
            preconditionFailure("a solution of no puzzle")
        }
        waiting.removeFirst()
        try writer.write(
            SolvedPuzzle(question: question, solution: solution, isChecked: checker != nil),
            place: place)
        try writeRefusals()
    }

    /// Prints the errors in front of the first puzzle that waits.
    private mutating func writeRefusals() throws {
        while case .refusal(let message, let puzzle, let place)? = waiting.first {
            waiting.removeFirst()
            try writer.refuse(message, puzzle: puzzle, place: place)
        }
    }
}
