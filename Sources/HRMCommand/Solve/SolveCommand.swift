import ArgumentParser
import Foundation
import HRMData
import HRMModel
import HRMPretrained
import HRMTraining

/// The command `hrm solve`.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Solve puzzles with a trained model.",
        discussion: """
            Without --checkpoint, a model that comes with hrm is used, chosen by how the first \
            puzzle is written: digits and dots are a Sudoku, lines of 9 characters with walls a \
            maze. 'hrm models' tells how often these models are right. With --checkpoint, the model \
            knows which puzzle it was trained on. A model thinks until an answer has settled, for 64 \
            steps at most, and begins again 15 times at most if none has; an answer depends on the \
            puzzle, these options and the seed, not on the other puzzles.

            A Sudoku has one character a cell, row by row: a digit, '.' or '0' where it is blank. \
            It stands in one line, or is drawn with a line for each row; spaces, '|' and lines like \
            '---+---' may set the boxes apart. An answer is valid when the board is filled in, no \
            digit stands twice in a row, column or box, and the givens are where they were. Lines \
            that begin with '#' are skipped; an empty line ends a drawing.

            A maze is drawn with '#' for walls, ' ' or '.' for open cells, S and G: a row a line, \
            or in one line with '/' between its rows, which a square maze can do without. It may be \
            any rectangle that its model is for. An answer is valid when it is a shortest path; \
            mazes without one are refused.

            A grid of your own puzzle is drawn a row a line, with an empty line after it, or \
            written in one line with '/' between its rows, or as JSON: [[0,1],[1,0]], or an object \
            {"input": …, "output": …, "task": …}, of which only the input is needed.

            A file named ….json holds ARC tasks, unless the model is for grids of your own. A model \
            knows the tasks it was trained on: the demonstrations of each have taught it what to do, \
            and variations of the test inputs vote on the answer.

            On a terminal, a Sudoku is shown as a board, and with colours mazes and grids as \
            pictures; elsewhere all are text that programs can read. --svg and --png draw puzzles and answers beside each other.

            --trace shows how one attempt comes about: the board after each thinking step, how open its \
            cells still are, and how far the model's slow state (z_H) and its fast one (z_L) have \
            moved. --trace=cycles looks at each update within the steps: boards are read off the \
            slow state, so the fast loop's updates do not change them. With --trace, --svg and --png \
            draw all of it, and --animation makes a film of it.

            When something is no puzzle, the others are solved all the same, and the exit status \
            is 1.

            Many puzzles are thought about at the same time, and answered in their order; one that \
            is typed is answered at once. --thinking-steps, --halt, --votes, --starts and --restarts \
            think in other ways. --checker leaves a puzzle as soon as an answer on the \
            way is valid, and tells that answer apart: the model's own is what it had by then, and \
            whether it is sure of it is its own affair.
            """)

    @Option(
        help: ArgumentHelp(
            "A run folder that 'hrm train' wrote, a model.safetensors file from one, or the name of "
                + "a model that comes with hrm; one of those that suits the first puzzle unless given.",
            valueName: "path"))
    var checkpoint: String?
    @OptionGroup var precision: PrecisionOptions
    @Argument(
        help: ArgumentHelp(
            "Puzzles, or files with puzzles; '-', or none, reads standard input.",
            valueName: "puzzle"))
    var puzzles: [String] = []
    @OptionGroup var thinking: ThinkingOptions
    @Flag(
        help: """
            Leave a puzzle as soon as an answer on the way is valid by the rules, and tell that one \
            apart (Sudoku and mazes).
            """)
    var checker = false
    @Option(
        help: ArgumentHelp(
            "Attempts at the same time; decides memory, not answers. As many as suit the model "
                + "unless given.",
            valueName: "n"))
    var batchSize: Int?
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var arc: ARCSolveOptions
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
        var choice = ModelChoice()
        let checkpoint = try checkpoint ?? Self.suitableModel(arguments, &choice)
        let opened = choice.opened
        let file = try precision.load(checkpoint)
        if ARCSolver.handles(puzzles, task: file.task) {
            guard !checker else {
                throw CommandError(
                    "--checker needs a puzzle whose rules are known, a Sudoku or a maze; nobody "
                        + "knows those of an ARC task")
            }
            let solver = try ARCSolver(
                model: file.model, checkpoint: checkpoint, options: arc, thinking: thinking,
                workers: workers.threads, pictures: pictures, trace: trace, isJSON: json)
            return try solver.solve(puzzles)
        }
        let task = try Self.task(of: file, from: checkpoint)
        var usual = ThinkingPlan.recommended(for: file.model)
        // A trace is of one attempt.
        if trace.areWanted { usual.restarts = 0 }
        let plan = thinking.plan(otherwise: usual, for: file.model)
        thinking.tellWhetherVotesCount(for: task)
        let writer = try SolutionWriter(
            plan: plan, pictures: pictures, model: file.model, task: task, trace: trace,
            isJSON: json)
        if trace.areWanted {
            var solver = try TracingSolver(
                model: file.model, puzzleTask: task, plan: plan, detail: trace.detail,
                usesChecker: checker, workers: workers.threads, writer: writer)
            try solver.solve(arguments, opened: opened)
        } else {
            var solver = try PuzzleSolver(
                model: file.model, puzzleTask: task, plan: plan, usesChecker: checker,
                slots: batchSize, workers: workers.threads, writer: writer)
            try solver.solve(arguments, opened: opened)
        }
    }

    /// The name of the model for the first of the puzzles.
    private static func suitableModel(
        _ arguments: [String], _ choice: inout ModelChoice
    ) throws -> String {
        if let file = arguments.first(where: { $0.hasSuffix(".json") }),
            FileManager.default.fileExists(atPath: file)
        {
            throw CommandError(
                "\(file) is taken for ARC tasks, and no model that comes with hrm is for these; name "
                    + "one that was trained on them with --checkpoint")
        }
        return try choice.model(for: arguments).rawValue
    }

    private static func task(of file: ModelFile, from checkpoint: String) throws -> PuzzleTask {
        if let task = file.task { return task }
        let dimensions = file.model.dimensions
        throw CommandError(
            "\(checkpoint) is a model for \(dimensions.sequenceLength) cells of "
                + "\(dimensions.vocabularySize) tokens, which are no Sudokus and no mazes; use a "
                + "model that says in its file which puzzle it is for")
    }
}
