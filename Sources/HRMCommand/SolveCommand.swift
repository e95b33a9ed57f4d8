import ArgumentParser
import Foundation
import HRMData
import HRMModel
import HRMTraining

/// The command `hrm solve`.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Solve puzzles with a trained model.",
        discussion: """
            The model knows which puzzle it was trained on.

            A Sudoku has one character a cell, row by row: a digit, '.' or '0' where it is blank. \
            An answer is valid when the board is filled in, no digit stands twice in a row, column \
            or box, and the givens are where they were. Blank lines and lines that begin with '#' \
            are skipped.

            A maze is drawn with '#' for walls, ' ' or '.' for open cells, S and G: a row a line, \
            or all in one line. An answer is valid when it is a shortest way.

            A grid of your own puzzle is drawn a row a line, with an empty line after it, or \
            written in one line with '/' between its rows, or as JSON: [[0,1],[1,0]], or an object \
            {"input": …, "output": …, "task": …}, of which only the input is needed.

            A file named ….json holds ARC tasks, unless the model is for grids of your own. A model \
            knows the tasks it was trained on: the demonstrations of each have taught it what to do, \
            and variations of the test inputs vote on the answer.

            On a terminal with colours, mazes and grids are shown as pictures; elsewhere as text that \
            programs can read. --svg and --png draw puzzles and answers beside each other.

            --trace shows how an answer comes about: the board after each thinking step, how open its \
            cells still are, and how far the model's slow state (z_H) and its fast one (z_L) have \
            moved. --trace=cycles looks at each update within the steps: boards are read off the \
            slow state, so the fast loop's updates do not change them. With --trace, --svg and --png \
            draw all of it, and --animation makes a film of it.

            When something is no puzzle, the others are solved all the same, and the exit status \
            is 1.

            Many puzzles are thought about at the same time, and answered in their order; one that \
            is typed is answered at once. --thinking-steps, --halt, --votes and --starts think in \
            other ways than the training did. --checker leaves a puzzle as soon as an answer on the \
            way is valid, and tells that answer apart: the model's own is what it had by then, and \
            whether it is sure of it is its own affair.
            """)

    @OptionGroup var model: ModelOptions
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
        try pictures.check()
        try trace.check()
        let file = try model.load()
        if ARCSolver.handles(puzzles, task: file.task) {
            guard !checker else {
                throw CommandError(
                    "--checker needs a puzzle whose rules are known, a Sudoku or a maze; nobody "
                        + "knows those of an ARC task")
            }
            let solver = try ARCSolver(
                model: file.model, checkpoint: model.checkpoint, options: arc, thinking: thinking,
                workers: workers.threads, pictures: pictures, trace: trace, isJSON: json)
            return try solver.solve(puzzles)
        }
        let task = try task(of: file)
        let plan = thinking.plan(maxSteps: file.model.configuration.haltMaxSteps)
        let writer = try SolutionWriter(
            plan: plan, pictures: pictures, model: file.model, task: task, trace: trace,
            isJSON: json)
        let arguments = puzzles.isEmpty ? ["-"] : puzzles
        if trace.areWanted {
            var solver = try TracingSolver(
                model: file.model, puzzleTask: task, plan: plan, detail: trace.detail,
                usesChecker: checker, workers: workers.threads, writer: writer)
            try solver.solve(arguments)
        } else {
            var solver = try PuzzleSolver(
                model: file.model, puzzleTask: task, plan: plan, usesChecker: checker,
                slots: batchSize, workers: workers.threads, writer: writer)
            try solver.solve(arguments)
        }
    }

    private func task(of file: ModelFile) throws -> PuzzleTask {
        if let task = file.task { return task }
        let dimensions = file.model.dimensions
        throw CommandError(
            "\(model.checkpoint) is a model for \(dimensions.sequenceLength) cells of "
                + "\(dimensions.vocabularySize) tokens, which are no Sudokus and no mazes; use a "
                + "model that says in its file which puzzle it is for")
    }
}
