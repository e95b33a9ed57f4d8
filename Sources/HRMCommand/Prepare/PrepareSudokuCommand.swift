import ArgumentParser
import HRMData
import HRMFigures

/// The command `hrm prepare sudoku`.
struct PrepareSudokuCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sudoku",
        abstract: "Build a data set of Sudokus from files, or from generated puzzles.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating; a question has one \
            character a cell, '.' or '0' where it is blank. The data set is a folder in the \
            reference's format with the splits 'train' and 'test'; no training puzzle, shuffled \
            or not, is generated to be a test puzzle. Generated puzzles have 4, 6 or 9 rows.

            --download fetches the files of Sudoku-Extreme (sapientinc/sudoku-extreme) from the \
            Hugging Face hub, or finds them in its cache; HF_ENDPOINT, HF_TOKEN and HF_HOME are \
            respected.

              hrm prepare sudoku --train train.csv --test test.csv --output data
              hrm prepare sudoku --download --subsample 1000 --augmentations 1000 --output data
              hrm prepare sudoku --generate 1000 --test-size 200 --size 6 --output data
            """)

    @OptionGroup var source: PuzzleSourceOptions
    @Option(
        help: ArgumentHelp(
            "Givens of each generated puzzle; as few as can be unless given.", valueName: "n"))
    var givens: Int?
    @Option(
        help: ArgumentHelp(
            "Generate puzzles that take a backtracking solver at least this many guesses.",
            valueName: "guesses"))
    var minRating: Int?

    @Option(help: ArgumentHelp("Shuffled variations of each training puzzle.", valueName: "n"))
    var augmentations = 0
    @OptionGroup var preparation: PreparationOptions

    func validate() throws {
        guard givens == nil || minRating == nil else {
            throw ValidationError("use --givens or --min-rating, not both")
        }
        try source.requireGenerator(
            givens == nil && minRating == nil, "--givens and --min-rating are")
        try augmentations.require(in: 0...1_000_000_000, "--augmentations")
    }

    func run() throws {
        let folder = try preparation.folder()
        var random = preparation.generator
        var progress = ProgressDisplay()
        let splits = try source.splits(published: .sudokuExtreme, progress: &progress) { size in
            var generator = try SudokuGenerator(
                SudokuGeometry(size: size), difficulty: difficulty)
            return { try generator.next(using: &random) }
        }
        let builder = SudokuDatasetBuilder(
            subsample: source.subsample, augmentations: augmentations)
        let known = source.subsample ?? source.generate
        let report = try builder.build(
            train: splits.train, test: splits.test, output: folder, using: &random
        ) { split, count in
            guard split == "train", let known else { return }
            progress.show { _ in
                ProgressBar(fraction: Double(count) / Double(known), step: count)
            }
        }
        progress.clear()
        try Console.print(
            "\(preparation.output): \(NumberText.grouped(report.trainingPuzzles)) training puzzles "
                + "of \(report.geometry), \(NumberText.grouped(report.trainingExamples)) examples "
                + "with their shuffles; \(NumberText.grouped(report.testPuzzles)) test puzzles")
        if report.sharedPuzzles > 0 {
            Console.tell(
                "Note: \(NumberText.grouped(report.sharedPuzzles)) training puzzles are test "
                    + "puzzles, too; an evaluation will be too good")
        }
    }

    private var difficulty: SudokuGenerator.Difficulty {
        if let givens { return .givens(givens) }
        return minRating.map { .rating(atLeast: $0) } ?? .minimal
    }
}
