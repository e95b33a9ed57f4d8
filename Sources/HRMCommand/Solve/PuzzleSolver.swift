import HRMData
import HRMEngine
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// Solves puzzles concurrently as they arrive, and prints the results in order.
struct PuzzleSolver {
    /// An input that is not yet printed, in order.
    private enum Waiting {
        case puzzle(PuzzleQuestion, PuzzlePlace)
        case refusal(String, puzzle: String?, PuzzlePlace)
    }

    private let checker: PuzzleStream.Checker?
    private let model: HierarchicalReasoningModel
    private let task: PuzzleTask
    private let plan: InferenceOptions
    private let slots: Int
    private let engines: any EngineProvider
    private var writer: SolutionWriter
    private var waiting: [Waiting] = []

    /// - Parameters:
    ///   - model: The model.
    ///   - task: The model's task.
    ///   - plan: The inference options.
    ///   - usesChecker: True to stop a puzzle as soon as an intermediate answer is valid.
    ///   - slots: The number of concurrent attempts; by default derived from the model.
    ///   - engines: Creates the engine.
    ///   - writer: Prints the results.
    /// - Throws: ``CommandError`` if a checker is requested, but the task has none.
    init(
        model: HierarchicalReasoningModel, task: PuzzleTask, plan: InferenceOptions,
        usesChecker: Bool, slots: Int?, engines: any EngineProvider, writer: SolutionWriter
    ) throws {
        checker = try task.checker(isWanted: usesChecker)
        self.model = model
        self.task = task
        self.plan = plan
        self.slots = slots ?? engines.suitableSlots(for: model)
        self.engines = engines
        self.writer = writer
    }

    /// Solves all puzzles of the arguments.
    ///
    /// - Parameters:
    ///   - arguments: Puzzles, and files with puzzles.
    ///   - opened: The already opened lines, by argument index.
    /// - Throws: ``CommandError`` if reading or printing fails; the exit status, if an input was
    ///   not a puzzle.
    mutating func solve(_ arguments: [String], opened: [Int: PuzzleLines] = [:]) throws {
        let inputs = try PuzzleInputs(arguments, task: task, ahead: slots, opened: opened)
        var stream = PuzzleStream(
            engine: try engines.inferenceEngine(of: model, slotCount: slots), task: task,
            plan: plan, checker: checker, stopsAtValid: true)
        try stream.solve { isIdle in
            try nextQuestion(of: inputs, waiting: isIdle)
        } answered: { _, solution in
            try write(solution)
        }
        try writer.finish()
    }

    /// Returns the next valid puzzle; invalid inputs are reported in input order.
    private mutating func nextQuestion(
        of inputs: PuzzleInputs, waiting mayWait: Bool
    ) throws -> Poll<PuzzleStream.Question> {
        // Bounds the number of errors that wait behind an unfinished puzzle.
        while waiting.count < 4 * slots {
            switch inputs.next(waiting: mayWait) {
            case .end: return .end
            case .pending: return .pending
            case .next(.refused(let message, let place)):
                waiting.append(.refusal(message, puzzle: nil, place))
            case .next(.text(let text, let place)):
                do {
                    let question = try PuzzleQuestion(parsing: text, task: task)
                    waiting.append(.puzzle(question, place))
                    return .next(.init(question))
                } catch {
                    let message = place.explanation(of: error, text: text, task: task)
                    waiting.append(.refusal(message, puzzle: text, place))
                }
            }
            try writeRefusals()
        }
        return .pending
    }

    /// Prints the solution of the first waiting puzzle, and the errors behind it.
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

    /// Prints the errors before the first waiting puzzle.
    private mutating func writeRefusals() throws {
        while case .refusal(let message, let puzzle, let place)? = waiting.first {
            waiting.removeFirst()
            try writer.refuse(message, puzzle: puzzle, place: place)
        }
    }
}
