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
            """)

    @OptionGroup var model: ModelOptions
    @Argument(
        help: ArgumentHelp(
            "Puzzles, or files with puzzles; '-', or none, reads standard input.",
            valueName: "puzzle"))
    var puzzles: [String] = []
    @OptionGroup var arc: ARCSolveOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var trace: TraceOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func run() throws {
        try pictures.check()
        try trace.check()
        let file = try model.load()
        if ARCSolver.handles(puzzles, task: file.task) {
            let solver = try ARCSolver(
                model: file.model, checkpoint: model.checkpoint, options: arc, pictures: pictures,
                trace: trace, isJSON: json)
            return try solver.solve(puzzles)
        }
        var solver = try PuzzleSolver(
            file: file, checkpoint: model.checkpoint, pictures: pictures, trace: trace,
            isJSON: json)
        for argument in puzzles.isEmpty ? ["-"] : puzzles {
            try take(argument, solver: &solver)
        }
        try solver.finish()
    }

    private func take(_ argument: String, solver: inout PuzzleSolver) throws {
        if argument == "-" {
            try take(.standardInput, source: "standard input", solver: &solver)
            return
        }
        let url = URL(fileURLWithPath: argument)
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        // What is a puzzle is one even if some file has this name.
        let isQuestion =
            (try? solver.task.question(argument)) != nil
            || isFolder.boolValue && solver.task.looksLikeQuestion(argument)
        guard isFile, !isQuestion else {
            try solver.solve(argument, place: .argument)
            return
        }
        guard !isFolder.boolValue else {
            solver.refuse(
                "\(argument) is a folder; name a file with puzzles", puzzle: nil,
                place: .argument)
            return
        }
        let handle: FileHandle
        do {
            handle = try FileHandle(forReadingFrom: url)
        } catch {
            solver.refuse(
                "\(argument) cannot be read: \(error.localizedDescription)", puzzle: nil,
                place: .argument)
            return
        }
        defer { try? handle.close() }
        try take(PuzzleLines(handle), source: argument, solver: &solver)
    }

    private func take(
        _ lines: PuzzleLines, source: String, solver: inout PuzzleSolver
    ) throws {
        var lines = lines
        while let line = try solver.task.nextText(from: &lines) {
            try solver.solve(line.text, place: .line(line.number, source: source))
        }
    }
}
