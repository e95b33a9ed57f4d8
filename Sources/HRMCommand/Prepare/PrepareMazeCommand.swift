import ArgumentParser
import HRMData
import HRMFigures

/// The command `hrm prepare maze`.
struct PrepareMazeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maze",
        abstract: "Build a data set of mazes from files, or from generated ones.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating; a maze is written as 'hrm \
            solve' takes it, a character a cell: '#' for a wall, ' ' or '.' for an open cell, S, G, \
            and in the answer 'o' for the path. Between its rows stands '/' or a line feed, which a \
            square maze can do without. The data set is a folder in the reference's format with the \
            splits 'train' and 'test'. Generated mazes look like the published 30×30 ones, whose \
            ways have 110 cells and more.

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
            "Columns of the generated mazes; as many as --size says rows unless given.",
            valueName: "columns"))
    var columns: Int?
    @Flag(help: "Accept files with answers that are no shortest ways.")
    var anyAnswer = false
    @Option(
        help: ArgumentHelp(
            "Cells of a generated maze's shortest way at least, S and G included; half as many as "
                + "the longer side has unless given.", valueName: "cells"))
    var minPath: Int?
    @Option(
        help: ArgumentHelp(
            "Share of walls in generated mazes; \(MazeGenerator.publishedWallShare) unless given.",
            valueName: "share"))
    var walls: Double?
    @Flag(help: "Generate mazes with one shortest way only.")
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

    /// The generator that the options describe.
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
