import ArgumentParser
import HRMData
import HRMFigures

/// The command `hrm prepare maze`.
struct PrepareMazeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maze",
        abstract: "Build a data set of mazes from files or a generator.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating. A maze is written as for \
            'hrm solve', one character per cell: '#' for a wall, ' ' or '.' for an open cell, S, \
            G, and in the answer 'o' for the path. Rows are separated by '/' or line feeds, which \
            are optional for a square maze. The data set is a folder in the reference's format \
            with the splits 'train' and 'test'. Generated mazes resemble the published 30×30 ones, \
            whose paths have at least 110 cells.

            --download fetches the files of Maze-Hard (sapientinc/maze-30x30-hard-1k) from the \
            Hugging Face hub, or finds them in its cache; HF_ENDPOINT, HF_TOKEN and HF_HOME are \
            respected.

              hrm prepare maze --train train.csv --test test.csv --output data
              hrm prepare maze --download --augment --output data
              hrm prepare maze --generate 1000 --test-size 200 --size 30 --min-path 111 --output data
              hrm prepare maze --generate 1000 --test-size 200 --size 8 --columns 12 --output data
            """)

    @OptionGroup var source: PuzzleSourceOptions
    @Option(
        help: ArgumentHelp(
            "Columns of the generated mazes; by default as many as the rows of --size.",
            valueName: "columns"))
    var columns: Int?
    @Flag(help: "Accept files with answers that are not shortest paths.")
    var anyAnswer = false
    @Option(
        help: ArgumentHelp(
            "Minimum number of cells of a generated maze's shortest path, including S and G; "
                + "by default half the longer side.", valueName: "cells"))
    var minPath: Int?
    @Option(
        help: ArgumentHelp(
            "Share of walls in generated mazes (default: "
                + "\(MazeGenerator.publishedWallShare)).",
            valueName: "share"))
    var walls: Double?
    @Flag(help: "Generate only mazes with a unique shortest path.")
    var uniquePath = false

    @Flag(
        help: """
            Add the rotated and flipped images of each training maze: seven of a square, three of \
            another rectangle.
            """)
    var augment = false
    @OptionGroup var preparation: PreparationOptions

    func validate() throws {
        guard source.generate == nil || !anyAnswer else {
            throw ValidationError("--any-answer is for files, not for --generate")
        }
        try source.requireGenerator(
            minPath == nil && walls == nil && !uniquePath && columns == nil,
            "--columns, --min-path, --walls and --unique-path are")
        guard source.generate != nil, let size = source.size else { return }
        do {
            _ = try generator(size)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Returns the generator described by the options.
    private func generator(_ size: Int) throws(MazeGenerationError) -> MazeGenerator {
        try MazeGenerator(
            size: MazeSize(rows: size, columns: columns ?? size), minimumPathLength: minPath,
            wallShare: walls ?? MazeGenerator.publishedWallShare,
            requiresUniquePath: uniquePath)
    }

    func run() throws {
        let folder = try preparation.folder()
        var random = preparation.generator
        var progress = ProgressDisplay()
        let splits = try source.splits(published: .mazeHard, progress: &progress) { size in
            var generator = try generator(size)
            return { try generator.next(using: &random) }
        }
        let builder = MazeDatasetBuilder(
            subsample: source.subsample, isAugmented: augment, checksAnswers: !anyAnswer)
        let report = try builder.build(
            train: splits.train, test: splits.test, output: folder, using: &random)
        try Console.print(
            "\(preparation.output): \(report.trainingPuzzles.grouped("training maze")) "
                + "of \(report.size), "
                + "\(report.trainingExamples.grouped("example")) with their images; "
                + "\(report.testPuzzles.grouped("test maze"))")
        if report.sharedPuzzles > 0 {
            Console.tell(
                "Note: \(report.sharedPuzzles.grouped("training example is a test maze", "training examples are test mazes")), "
                    + "too; an evaluation will be too good")
        }
    }
}
