import ArgumentParser
import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMPretrained
import HRMTraining

/// The command `hrm solve`.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Solve puzzles with a trained model.",
        discussion: """
            Without --checkpoint, a model that comes with hrm is selected by the notation of the \
            first puzzle: digits and dots are a Sudoku, lines of 9 characters with walls a maze. \
            'hrm models' lists the accuracy of these models. With --checkpoint, the model \
            determines the kind of puzzle. Each attempt runs until its answer has converged, for at \
            most 64 steps, with at most 15 restarts if it has not; an answer depends on the \
            puzzle, these options and the seed, not on the other puzzles.

            A Sudoku has one character per cell, row by row: a digit, '.' or '0' for a blank. It \
            is written in one line, or drawn with one line per row; spaces, '|' and lines like \
            '---+---' may separate the boxes. Markdown tables and JSON are accepted as well: \
            [[5,3,0,…],…] or {"puzzle": [[5,3,0,…],…]}, also several in a list. An answer is valid \
            if the board is filled in, no digit occurs twice in a row, column or box, and the \
            givens are unchanged. Lines that begin with '#' are skipped; an empty line ends a \
            drawing.

            A maze is drawn with '#' for walls, ' ' or '.' for open cells, S and G: one line per \
            row, or in one line with '/' between its rows, which are optional for a square maze. \
            Its size, any rectangle, must be that of the model. Answers in one line are written \
            the same way, with '.' for open cells and 'o' for the path. An answer is valid if it \
            is a shortest path; mazes without a path are refused.

            A grid of your own puzzle is drawn with one line per row and an empty line after it, \
            or written in one line with '/' between its rows, or as JSON: [[0,1],[1,0]], or an \
            object {"input": …, "output": …, "task": …}, of which only the input is required.

            A file named ….json is read as ARC tasks, unless it begins with a Sudoku or the model \
            is for grids of your own. Without --checkpoint, each task is learned by itself: a small \
            network is trained on its demonstrations, and its test inputs are answered with two \
            attempts. Nothing is learned from correct answers that a file may have; they only mark \
            the attempts as right or wrong. Folders with tasks and the competition's files are read \
            as well; --workers is then the number of tasks at the same time. Learning ends after \
            --steps or --minutes, or when both attempts have been the same for --stable-steps \
            (default: 300); Ctrl-C ends it with the answers so far. 'sure' is the share of an attempt \
            in the weights of all answers on the way, not a probability. --animation shows the \
            learning. With --checkpoint, a model can solve the tasks whose demonstrations it was \
            trained on; augmentations of the test inputs vote on the answer.

            On a terminal, a Sudoku is shown as a board, and with colours mazes and grids as \
            pictures; elsewhere the output is text that programs can read. --svg and --png draw \
            puzzles and answers side by side.

            --trace shows the steps of one attempt: the board after each thinking step, the \
            entropy of its cells, and the changes of the model's slow state (z_H) and fast state \
            (z_L). --trace=cycles shows each update within the steps: boards are read from the \
            slow state, so the fast loop's updates do not change them. With --trace, --svg and \
            --png draw the whole trace, and --animation animates it.

            If an input is not a puzzle, the others are still solved, and the exit status is 1.

            Puzzles are solved concurrently, and the answers are printed in order; a puzzle typed \
            on the terminal is answered immediately. --thinking-steps, --halt, --votes, --starts \
            and --restarts change the number and length of the attempts. --checker stops a puzzle \
            as soon as an intermediate answer is valid, and reports that answer separately; the \
            model's own answer is its last one up to that step, with its own confidence.
            """)

    @Option(
        help: ArgumentHelp(
            "A run folder of 'hrm train', a model.safetensors file from one, or the name of a "
                + "model that comes with hrm; by default one of those, selected by the first "
                + "puzzle.",
            valueName: "path"))
    var checkpoint: String?
    @OptionGroup var precision: PrecisionOptions
    @Argument(
        help: ArgumentHelp(
            "Puzzles, or files with puzzles; '-', or no argument, reads standard input.",
            valueName: "puzzle"))
    var puzzles: [String] = []
    @OptionGroup var thinking: ThinkingOptions
    @Flag(
        help: """
            Stop a puzzle as soon as an intermediate answer is valid by the rules, and report that \
            answer separately (Sudoku and mazes).
            """)
    var checker = false
    @Option(
        help: ArgumentHelp(
            "Attempts at the same time; affects memory use, not answers. By default as many "
                + "as suit the model.",
            valueName: "n"))
    var batchSize: Int?
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var place: DeviceOptions
    @OptionGroup var arc: ARCSolveOptions
    @OptionGroup var learning: TaskLearningOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var trace: TraceOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try batchSize?.require(in: 1...100_000, "--batch-size")
    }

    func run() throws {
        try pictures.check(beside: trace.animation.map { ["--animation": $0] } ?? [:])
        try trace.check()
        let arguments = puzzles.isEmpty ? ["-"] : puzzles
        if arguments.contains("-"), isatty(STDIN_FILENO) == 1 {
            Console.tell(
                "Reading puzzles from the terminal: one per line; end with Ctrl-D.")
        }
        if checkpoint == nil, LearningSolver.handles(puzzles) {
            return try learn()
        }
        guard learning.given.isEmpty else {
            throw UsageError(
                "\(learning.given[0]) is for ARC tasks that are learned by themselves: files or "
                    + "folders of tasks, without --checkpoint")
        }
        var choice = ModelChoice()
        let checkpoint = try checkpoint ?? Self.suitableModel(arguments, &choice)
        let file = try Self.fitted(precision.load(checkpoint), to: arguments, &choice)
        let opened = choice.opened
        if TaskSolver.handles(puzzles, task: file.task) {
            guard !checker else {
                throw CommandError(
                    "--checker needs a puzzle whose rules are known, a Sudoku or a maze; those of an "
                        + "ARC task are unknown")
            }
            let solver = try TaskSolver(
                model: file.model, checkpoint: checkpoint, options: arc, thinking: thinking,
                workers: workers.threads, engines: try place.engines(workers.threads),
                pictures: pictures, trace: trace, isJSON: json)
            return try solver.solve(puzzles, submission: arc.submission)
        }
        guard arc.submission == nil else {
            throw UsageError("--submission is for ARC tasks")
        }
        let task = try Self.task(of: file, from: checkpoint)
        var usual = InferenceOptions.recommended(for: file.model)
        // A trace shows one attempt.
        if trace.areWanted { usual.restarts = 0 }
        let plan = thinking.plan(otherwise: usual, for: file.model)
        thinking.tellWhetherVotesCount(for: task)
        let writer = try SolutionWriter(
            plan: plan, pictures: pictures, model: file.model, task: task, trace: trace,
            isJSON: json)
        if trace.areWanted {
            var solver = try TracingSolver(
                model: file.model, task: task, plan: plan, detail: trace.detail,
                usesChecker: checker, engines: try place.engines(workers.threads), writer: writer)
            try solver.solve(arguments, opened: opened)
        } else {
            var solver = try PuzzleSolver(
                model: file.model, task: task, plan: plan, usesChecker: checker,
                slots: batchSize, engines: try place.engines(workers.threads), writer: writer)
            try solver.solve(arguments, opened: opened)
        }
    }

    /// Learns ARC tasks by themselves.
    private func learn() throws {
        var excess = thinking.given
        if trace.trace != nil { excess.append("--trace") }
        if checker { excess.append("--checker") }
        if batchSize != nil { excess.append("--batch-size") }
        if arc.data != nil { excess.append("--data") }
        if precision.precision != nil { excess.append("--precision") }
        if place.usesPlugin { excess.append("--device") }
        guard excess.isEmpty else {
            throw UsageError(
                "\(excess[0]) is for trained models; ARC tasks without --checkpoint are learned by "
                    + "themselves")
        }
        let solver = LearningSolver(
            options: learning.options(usualStableSteps: LearningSolver.usualStableSteps),
            workers: workers.threads, pictures: pictures, trace: trace,
            submission: arc.submission, isJSON: json)
        try solver.solve(puzzles)
    }

    /// Returns a model whose weights fit Sudokus of every size for the size of the first puzzle; any
    /// other model is returned unchanged.
    private static func fitted(
        _ file: ModelFile, to arguments: [String], _ choice: inout ModelChoice
    ) throws -> ModelFile {
        guard file.fitsEverySudoku, case .sudoku(let own) = file.task,
            let size = try? choice.model(for: arguments).sudokuSize, size != own.size
        else { return file }
        return try file.fitted(to: .sudoku(SudokuGeometry(size: size)))
    }

    /// Returns the name of the model for the first puzzle.
    private static func suitableModel(
        _ arguments: [String], _ choice: inout ModelChoice
    ) throws -> String {
        return try choice.model(for: arguments).rawValue
    }

    private static func task(of file: ModelFile, from checkpoint: String) throws -> PuzzleTask {
        if let task = file.task { return task }
        let dimensions = file.model.dimensions
        throw CommandError(
            "\(checkpoint) is a model for \(dimensions.sequenceLength.counted("cell")) of "
                + "\(dimensions.vocabularySize.counted("token")), which are no Sudokus and no mazes; use a "
                + "model that says in its file which puzzle it is for")
    }
}
