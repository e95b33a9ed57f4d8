import HRM
import HRMData
import HRMEngine
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// Solves puzzles one at a time and shows their traces.
struct TracingSolver {
    private let task: PuzzleTask
    private let checker: PuzzleStream.Checker?
    private let plan: InferenceOptions
    private let detail: ThinkingTracer.Detail
    private let tracer: ThinkingTracer
    private var writer: SolutionWriter

    /// - Parameters:
    ///   - model: The model.
    ///   - task: The model's task.
    ///   - plan: The inference options.
    ///   - detail: The level of detail.
    ///   - usesChecker: True to stop a puzzle as soon as an intermediate answer is valid.
    ///   - engines: Creates the engine.
    ///   - writer: Prints the results.
    /// - Throws: ``CommandError`` if there are several attempts, or a checker is requested but the
    ///   task has none.
    init(
        model: HierarchicalReasoningModel, task: PuzzleTask, plan: InferenceOptions,
        detail: ThinkingTracer.Detail, usesChecker: Bool, engines: any EngineProvider,
        writer: SolutionWriter
    ) throws {
        guard plan.attempts == 1 else {
            throw CommandError(
                "--trace and --animation show the one attempt at a puzzle; leave them out, or "
                    + "--votes, --starts and --restarts")
        }
        checker = try task.checker(isWanted: usesChecker)
        self.task = task
        self.plan = plan
        self.detail = detail
        self.writer = writer
        tracer = ThinkingTracer(
            engine: try engines.inferenceEngine(of: model, slotCount: 1))
    }

    /// Solves all puzzles of the arguments.
    ///
    /// - Parameters:
    ///   - arguments: Puzzles, and files with puzzles.
    ///   - opened: The already opened lines, by argument index.
    /// - Throws: ``CommandError`` if reading or printing fails; the exit status, if an input was
    ///   not a puzzle.
    mutating func solve(_ arguments: [String], opened: [Int: PuzzleLines] = [:]) throws {
        let inputs = try PuzzleInputs(arguments, task: task, ahead: 1, opened: opened)
        while case .next(let input) = inputs.next(waiting: true) {
            switch input {
            case .refused(let message, let place):
                try writer.refuse(message, puzzle: nil, place: place)
            case .text(let text, let place):
                let question: PuzzleQuestion
                do {
                    question = try PuzzleQuestion(parsing: text, task: task)
                } catch {
                    let message = place.explanation(of: error, text: text, task: task)
                    try writer.refuse(message, puzzle: text, place: place)
                    continue
                }
                let (puzzle, traced) = try solved(question)
                try writer.write(puzzle, trace: traced, place: place)
            }
        }
        try writer.finish()
    }

    private func solved(
        _ question: PuzzleQuestion
    ) throws -> (SolvedPuzzle, TracedPuzzle) {
        var hasHalted = false
        var firstValid: [Int32]?
        let trace = try tracer.trace(
            tokens: question.tokens, puzzleIdentifier: question.identifier, detail: detail,
            maxSteps: plan.maxSteps, search: plan.search, seed: plan.seed
        ) { step in
            let reading = step.reading
            hasHalted =
                step.event.map { $0 == .answer }
                ?? plan.halting.halts(
                    qHalt: reading.qHalt, qContinue: reading.qContinue,
                    isUnchanged: step.isUnchanged)
            if checker?(question.tokens, reading.tokens) == true { firstValid = reading.tokens }
            return hasHalted || firstValid != nil
        }
        let puzzle = SolvedPuzzle(
            question: question,
            solution: PuzzleSolution(
                thoughts: trace.thoughts, hasHalted: hasHalted, firstValid: firstValid),
            isChecked: checker != nil)
        return (puzzle, TracedPuzzle(question: question, trace: trace))
    }
}

extension PuzzleTask {
    /// Returns the task's checker, if requested.
    ///
    /// - Throws: ``CommandError`` if it is requested, but the task has none.
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
