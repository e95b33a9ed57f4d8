import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMTensor
import HRMTraining

/// The command `hrm prepare maze`.
struct PrepareMazeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maze",
        abstract: "Build a data set of mazes from files, or from generated ones.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating; a maze is written in one \
            row, a character a cell: '#' for a wall, ' ' or '.' for an open cell, S, G, and in the \
            answer 'o' for the way. The data set is a folder in the reference's format with the \
            splits 'train' and 'test'. Generated mazes look like the published 30×30 ones, whose \
            ways have 110 cells and more.

              hrm prepare maze --train train.csv --test test.csv --output data
              hrm prepare maze --generate 1000 --test-size 200 --size 30 --min-path 111 --output data
            """)

    @Option(help: ArgumentHelp("CSV file of training mazes.", valueName: "file"))
    var train: String?
    @Option(help: ArgumentHelp("CSV file of test mazes.", valueName: "file"))
    var test: String?
    @Flag(help: "Accept files with answers that are no shortest ways.")
    var anyAnswer = false

    @Option(help: ArgumentHelp("Generate this many training mazes.", valueName: "n"))
    var generate: Int?
    @Option(help: ArgumentHelp("Generate this many test mazes.", valueName: "n"))
    var testSize: Int?
    @Option(help: ArgumentHelp("Rows of the generated mazes.", valueName: "rows"))
    var size: Int?
    @Option(
        help: ArgumentHelp(
            "Cells of a generated maze's shortest way at least, S and G included; half as many as "
                + "there are rows unless given.", valueName: "cells"))
    var minPath: Int?
    @Option(
        help: ArgumentHelp(
            "Share of walls in generated mazes; \(MazeGenerator.publishedWallShare) unless given.",
            valueName: "share"))
    var walls: Double?
    @Flag(help: "Generate mazes with one shortest way only.")
    var uniquePath = false

    @Option(help: ArgumentHelp("Use this many training mazes, at random.", valueName: "n"))
    var subsample: Int?
    @Flag(help: "Add the seven turned and flipped images of each training maze.")
    var augment = false
    @Option(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
    var output: String
    @Option(help: "Seed of every random choice; equal seeds give equal data sets.")
    var seed: UInt64 = 0

    func validate() throws {
        let many = 1_000_000_000
        if generate != nil {
            guard train == nil, test == nil, !anyAnswer else {
                throw ValidationError("use --train and --test, or --generate, not both")
            }
            guard testSize != nil, size != nil else {
                throw ValidationError("--generate needs --test-size and --size, too")
            }
        } else {
            guard train != nil, test != nil else {
                throw ValidationError(
                    "say where the mazes are from: --train FILE --test FILE, or --generate N "
                        + "--test-size M --size ROWS")
            }
            guard testSize == nil, size == nil, minPath == nil, walls == nil, !uniquePath else {
                throw ValidationError(
                    "--test-size, --size, --min-path, --walls and --unique-path are for --generate")
            }
        }
        try generate?.require(in: 1...many, "--generate")
        try testSize?.require(in: 1...many, "--test-size")
        try subsample?.require(in: 1...many, "--subsample")
    }

    func run() throws {
        let folder = URL(fileURLWithPath: output)
        // Said again when the folder is made; said here before minutes of work.
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw DatasetError.outputExists(path: folder.path)
        }
        var random = SeededGenerator(seed: seed, stream: RandomStream.puzzles)
        let sources = try sources(using: &random)
        let builder = MazeDatasetBuilder(
            subsample: subsample, isAugmented: augment, checksAnswers: !anyAnswer)
        let report = try builder.build(
            train: sources.train, test: sources.test, output: folder, using: &random)
        try Console.print(
            "\(output): \(NumberText.grouped(report.trainingPuzzles)) training mazes of "
                + "\(report.size)×\(report.size), \(NumberText.grouped(report.trainingExamples)) "
                + "examples with their images; \(NumberText.grouped(report.testPuzzles)) test mazes"
        )
        if report.sharedPuzzles > 0 {
            Console.tell(
                "Note: \(NumberText.grouped(report.sharedPuzzles)) training examples are test "
                    + "mazes, too; an evaluation will be too good")
        }
    }

    private typealias Sources = (train: MazeDatasetBuilder.Source, test: MazeDatasetBuilder.Source)

    private func sources(using random: inout SeededGenerator) throws -> Sources {
        guard let generate, let testSize, let size else {
            return (
                .csv(URL(fileURLWithPath: train ?? "")), .csv(URL(fileURLWithPath: test ?? ""))
            )
        }
        var generator = try MazeGenerator(
            size: size, minimumPathLength: minPath,
            wallShare: walls ?? MazeGenerator.publishedWallShare, requiresUniquePath: uniquePath)
        let mazes = try generator.mazes(testSize + generate, using: &random)
        return (.puzzles(Array(mazes[testSize...])), .puzzles(Array(mazes[..<testSize])))
    }
}

extension MazeGenerator {
    /// Different mazes, with progress.
    mutating func mazes(_ count: Int, using random: inout SeededGenerator) throws -> [MazePuzzle] {
        var progress = ProgressDisplay()
        defer { progress.clear() }
        var mazes: [MazePuzzle] = []
        while mazes.count < count {
            mazes.append(try next(using: &random))
            let made = mazes.count
            progress.show { _ in ProgressBar(fraction: Double(made) / Double(count), step: made) }
        }
        return mazes
    }
}
