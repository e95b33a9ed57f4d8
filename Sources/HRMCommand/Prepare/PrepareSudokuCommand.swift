import ArgumentParser
import HRMData
import HRMFigures

/// The command `hrm prepare sudoku`.
struct PrepareSudokuCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sudoku",
        abstract: "Build a data set of Sudokus from files or a generator.",
        discussion: """
            Files are CSV with the columns source,question,answer,rating, of which only question \
            and answer are required. Other common names (quizzes,solutions or puzzle,solution), \
            files without column names, semicolons and tabs are accepted as well. A question has \
            one character per cell, '.' or '0' for a blank. Files may also be JSON: a list of \
            {"puzzle": [[5,3,0,…],…], "solution": [[5,3,4,…],…]}, or one such object per line. \
            The data set is a folder in the reference's format with the splits 'train' and 'test'; \
            no generated training puzzle, shuffled or not, equals a test puzzle.

            Puzzles have 4, 6, 8 or 9 rows. Boxes of 6×6 have 2 rows and 3 columns or 3 rows and 2 \
            columns, those of 8×8 have 2 rows and 4 columns or 4 rows and 2 columns; the shape is \
            determined by the answers in a file, or by --boxes, also for generated puzzles.

            --download fetches the files of Sudoku-Extreme (sapientinc/sudoku-extreme) from the \
            Hugging Face hub, or finds them in its cache; HF_ENDPOINT, HF_TOKEN and HF_HOME are \
            respected.

              hrm prepare sudoku --train train.csv --test test.csv --output data
              hrm prepare sudoku --download --subsample 1000 --augmentations 1000 --output data
              hrm prepare sudoku --generate 1000 --test-size 200 --size 6 --output data
              hrm prepare sudoku --generate 1000 --test-size 200 --size 6 --boxes 3x2 --output data
            """)

    @OptionGroup var source: PuzzleSourceOptions
    @Option(
        help: ArgumentHelp(
            "Givens of each generated puzzle; by default as few as possible.", valueName: "n"))
    var givens: Int?
    @Option(
        help: ArgumentHelp(
            "Generate puzzles for which a backtracking solver needs at least this many guesses.",
            valueName: "guesses"))
    var minRating: Int?

    @Option(
        help: ArgumentHelp(
            "Number of shuffled copies of each training puzzle.", valueName: "n"))
    var augmentations = 0
    @OptionGroup var preparation: PreparationOptions

    @Option(
        help: ArgumentHelp(
            "Rows and columns of a box, such as 3x2.", valueName: "rows x columns"))
    var boxes: String?

    func validate() throws {
        guard givens == nil || minRating == nil else {
            throw ValidationError("use --givens or --min-rating, not both")
        }
        try source.requireGenerator(
            givens == nil && minRating == nil, "--givens and --min-rating are")
        try augmentations.require(in: 0...1_000_000_000, "--augmentations")
        let geometry = try geometry()
        guard source.generate != nil, let geometry else { return }
        do {
            _ = try SudokuGenerator(geometry, difficulty: difficulty)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Returns the requested geometry; `nil` to derive it from the files.
    private func geometry() throws -> SudokuGeometry? {
        do throws(SudokuError) {
            guard let boxes else { return try source.size.map(SudokuGeometry.init(size:)) }
            let numbers = boxes.lowercased().split(whereSeparator: { "x×*".contains($0) }).map {
                Int($0)
            }
            guard numbers.count == 2, let rows = numbers[0], let columns = numbers[1] else {
                throw .unknownBoxes(rows: 0, columns: 0)
            }
            let geometry = try SudokuGeometry(boxRows: rows, boxColumns: columns)
            guard source.size == nil || source.size == geometry.size else {
                throw .unknownBoxes(rows: rows, columns: columns)
            }
            return geometry
        } catch {
            guard let boxes else { throw ValidationError("--size: \(error)") }
            let size = source.size.map { " for boards of \($0) rows" } ?? ""
            let known = SudokuGeometry.all.filter { source.size == nil || $0.size == source.size }
                .map { "\($0.boxRows)x\($0.boxColumns)" }.joined(separator: ", ")
            throw ValidationError(
                "--boxes is '\(boxes)', which is unknown\(size); write rows x columns of a box"
                    + (known.isEmpty ? "" : ": \(known)"))
        }
    }

    func run() throws {
        let folder = try preparation.folder()
        let geometry = try geometry()
        var random = preparation.generator
        var progress = ProgressDisplay()
        let splits = try source.splits(published: .sudokuExtreme, progress: &progress) { size in
            var generator = try SudokuGenerator(
                geometry ?? SudokuGeometry(size: size), difficulty: difficulty)
            var display = ProgressDisplay()
            return {
                defer { display.clear() }
                return try generator.next(using: &random) { search in
                    display.show { _ in bar(of: search) }
                }
            }
        }
        let builder = SudokuDatasetBuilder(
            geometry: geometry, subsample: source.subsample, augmentations: augmentations)
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
            "\(preparation.output): \(report.trainingPuzzles.grouped("training puzzle")) "
                + "of \(report.geometry.fullName), \(report.trainingExamples.grouped("example")) "
                + "with their shuffles; \(report.testPuzzles.grouped("test puzzle"))")
        if report.sharedPuzzles > 0 {
            Console.tell(
                "Note: \(report.sharedPuzzles.grouped("training puzzle is a test puzzle", "training puzzles are test puzzles")), "
                    + "too; an evaluation will be too good")
        }
        if let note = report.survey.note(split: "test") { Console.tell("Note: \(note)") }
        if let note = report.filled.note(blank: "'.' or '0'") { Console.tell("Note: \(note)") }
    }

    /// Returns a progress bar for the search for one puzzle, which may take long for extreme
    /// requests.
    private func bar(of search: SudokuGenerator.Search) -> ProgressBar {
        let name = minRating == nil ? "fewest givens" : "highest rating"
        return ProgressBar(
            fraction: Double(search.attempts) / Double(search.limit),
            activity: "trying boards for one puzzle", step: search.attempts,
            losses: search.best.map { [.init(name, Double($0))] } ?? [])
    }

    private var difficulty: SudokuGenerator.Difficulty {
        if let givens { return .givens(givens) }
        return minRating.map { .rating(atLeast: $0) } ?? .minimal
    }
}
