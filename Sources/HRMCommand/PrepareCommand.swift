import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMTensor
import HRMTraining

/// The command `hrm prepare`.
struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Turn puzzles into a data set to train on.",
        subcommands: [
            PrepareSudokuCommand.self, PrepareMazeCommand.self, PrepareARCCommand.self,
            PrepareGridCommand.self,
        ])
}

/// The command `hrm prepare sudoku`.
struct PrepareSudokuCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sudoku",
        abstract: "Build a data set of Sudokus from files, or from generated puzzles.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating; a question has one \
            character a cell, '.' or '0' where it is blank. The data set is a folder in the \
            reference's format with the splits 'train' and 'test'; no training puzzle, shuffled \
            or not, is generated to be a test puzzle.

            --download fetches the files of Sudoku-Extreme (sapientinc/sudoku-extreme) from the \
            Hugging Face hub, or finds them in its cache; HF_ENDPOINT, HF_TOKEN and HF_HOME are \
            respected.

              hrm prepare sudoku --train train.csv --test test.csv --output data
              hrm prepare sudoku --download --subsample 1000 --augmentations 1000 --output data
              hrm prepare sudoku --generate 1000 --test-size 200 --size 6 --output data
            """)

    @Option(help: ArgumentHelp("CSV file of training puzzles.", valueName: "file"))
    var train: String?
    @Option(help: ArgumentHelp("CSV file of test puzzles.", valueName: "file"))
    var test: String?

    @Option(help: ArgumentHelp("Generate this many training puzzles.", valueName: "n"))
    var generate: Int?
    @Option(help: ArgumentHelp("Generate this many test puzzles.", valueName: "n"))
    var testSize: Int?
    @Option(help: ArgumentHelp("Rows of the generated puzzles: 4, 6 or 9.", valueName: "rows"))
    var size: Int?
    @Option(
        help: ArgumentHelp(
            "Givens of each generated puzzle; as few as can be unless given.", valueName: "n"))
    var givens: Int?
    @Option(
        help: ArgumentHelp(
            "Generate puzzles that take a backtracking solver at least this many guesses.",
            valueName: "guesses"))
    var minRating: Int?

    @Flag(help: "Fetch the published files of Sudoku-Extreme.")
    var download = false

    @Option(help: ArgumentHelp("Use this many training puzzles, at random.", valueName: "n"))
    var subsample: Int?
    @Option(help: ArgumentHelp("Shuffled variations of each training puzzle.", valueName: "n"))
    var augmentations = 0
    @Option(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
    var output: String
    @Option(help: "Seed of every random choice; equal seeds give equal data sets.")
    var seed: UInt64 = 0

    func validate() throws {
        let many = 1_000_000_000
        let sources = [train != nil || test != nil, generate != nil, download]
        guard sources.filter(\.self).count <= 1 else {
            throw ValidationError("use --train and --test, or --generate, or --download")
        }
        if generate != nil {
            guard testSize != nil, size != nil else {
                throw ValidationError("--generate needs --test-size and --size, too")
            }
            guard givens == nil || minRating == nil else {
                throw ValidationError("use --givens or --min-rating, not both")
            }
        } else {
            guard download || (train != nil && test != nil) else {
                throw ValidationError(
                    "say where the puzzles are from: --train FILE --test FILE, or --download, or "
                        + "--generate N --test-size M --size 4|6|9")
            }
            guard testSize == nil, size == nil, givens == nil, minRating == nil else {
                throw ValidationError(
                    "--test-size, --size, --givens and --min-rating are for --generate")
            }
        }
        try generate?.require(in: 1...many, "--generate")
        try testSize?.require(in: 1...many, "--test-size")
        try subsample?.require(in: 1...many, "--subsample")
        try augmentations.require(in: 0...many, "--augmentations")
    }

    func run() throws {
        let folder = URL(fileURLWithPath: output)
        // Said again when the folder is made; said here before minutes of work.
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw DatasetError.outputExists(path: folder.path)
        }
        var random = SeededGenerator(seed: seed, stream: RandomStream.puzzles)
        var progress = ProgressDisplay()
        let sources = try sources(using: &random, progress: &progress)
        let builder = SudokuDatasetBuilder(subsample: subsample, augmentations: augmentations)
        let known = subsample ?? generate
        let report = try builder.build(
            train: sources.train, test: sources.test, output: folder, using: &random
        ) { split, count in
            guard split == "train", let known else { return }
            progress.show { _ in
                ProgressBar(fraction: Double(count) / Double(known), step: count)
            }
        }
        progress.clear()
        try Console.print(
            "\(output): \(NumberText.grouped(report.trainingPuzzles)) training puzzles of "
                + "\(report.geometry), \(NumberText.grouped(report.trainingExamples)) examples with "
                + "their shuffles; \(NumberText.grouped(report.testPuzzles)) test puzzles")
        if report.sharedPuzzles > 0 {
            Console.tell(
                "Note: \(NumberText.grouped(report.sharedPuzzles)) training puzzles are test "
                    + "puzzles, too; an evaluation will be too good")
        }
    }

    private typealias Sources = (
        train: SudokuDatasetBuilder.Source, test: SudokuDatasetBuilder.Source
    )

    private func sources(
        using random: inout SeededGenerator, progress: inout ProgressDisplay
    ) throws -> Sources {
        if download {
            let files = try Download.files(
                ["train.csv", "test.csv"], of: .sudokuExtreme, progress: &progress)
            return (.csv(files[0]), .csv(files[1]))
        }
        guard let generate, let testSize, let size else {
            return (
                .csv(URL(fileURLWithPath: train ?? "")), .csv(URL(fileURLWithPath: test ?? ""))
            )
        }
        let puzzles = try SudokuGenerator.puzzles(
            testSize + generate, geometry: SudokuGeometry(size: size), difficulty: difficulty,
            using: &random, progress: &progress)
        return (.puzzles(Array(puzzles[testSize...])), .puzzles(Array(puzzles[..<testSize])))
    }

    private var difficulty: SudokuGenerator.Difficulty {
        if let givens { return .givens(givens) }
        return minRating.map { .rating(atLeast: $0) } ?? .minimal
    }
}

extension SudokuGenerator {
    /// Different puzzles, with progress.
    static func puzzles(
        _ count: Int, geometry: SudokuGeometry, difficulty: Difficulty,
        using random: inout SeededGenerator, progress: inout ProgressDisplay
    ) throws -> [SudokuPuzzle] {
        var generator = try SudokuGenerator(geometry, difficulty: difficulty)
        var puzzles: [SudokuPuzzle] = []
        while puzzles.count < count {
            puzzles.append(try generator.next(using: &random))
            let made = puzzles.count
            progress.show { _ in ProgressBar(fraction: Double(made) / Double(count), step: made) }
        }
        progress.clear()
        return puzzles
    }
}
