import ArgumentParser
import Foundation
import HRMData
import HRMModel
import HRMTraining

/// The command `hrm solve`.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Solve Sudokus with a trained model.",
        discussion: """
            A puzzle has one character a cell, row by row: a digit, '.' or '0' where it is blank. \
            An answer is valid when the board is filled in, no digit stands twice in a row, column \
            or box, and the givens are where they were. Blank lines and lines that begin with '#' \
            are skipped. When a line is no puzzle, the others are solved all the same, and the \
            exit status is 1.

            A file named ….json holds ARC tasks. A model knows the tasks it was trained on: the \
            demonstrations of each have taught it what to do, and variations of the test inputs \
            vote on the answer.
            """)

    @OptionGroup var model: ModelOptions
    @Argument(
        help: ArgumentHelp(
            "Puzzles, or files with a puzzle a line; '-', or none, reads standard input.",
            valueName: "puzzle"))
    var puzzles: [String] = []
    @OptionGroup var arc: ARCSolveOptions
    @Flag(help: "Show the board after each thinking step, with the changed cells marked.")
    var trace = false
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func run() throws {
        let file = try model.load()
        if ARCSolver.handles(puzzles) {
            let solver = try ARCSolver(
                model: file.model, checkpoint: model.checkpoint, options: arc, showsTrace: trace,
                isJSON: json)
            return try solver.solve(puzzles)
        }
        var solver = try PuzzleSolver(
            model: file.model, checkpoint: model.checkpoint, showsTrace: trace, isJSON: json)
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
        // A row of cells is a puzzle even if some file has this name.
        guard isFile, (try? SudokuBoard(parsing: argument, geometry: solver.geometry)) == nil
        else {
            try solver.solve(argument, place: .argument)
            return
        }
        guard !isFolder.boolValue else {
            solver.refuse(
                "\(argument) is a folder; name a file with a puzzle a line", puzzle: nil,
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
        while let line = try lines.next() {
            try solver.solve(line.text, place: .line(line.number, source: source))
        }
    }
}
