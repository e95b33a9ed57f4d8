import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles

/// The command `hrm prepare grid`.
struct PrepareGridCommand: ParsableCommand {
    /// A transformation that a puzzle is invariant under.
    enum Symmetry: String, ExpressibleByArgument, CaseIterable {
        case dihedral, symbols
    }

    static let configuration = CommandConfiguration(
        commandName: "grid",
        abstract: "Build a data set of your own puzzle from pairs of grids.",
        discussion: """
            A file contains questions and their answers: as JSON, {"input": …, "output": …}, one \
            per line or all in a list, with grids as arrays of rows of numbers or as strings; or \
            as CSV with the columns input,output and grids as strings with '/' between their rows. \
            An optional third member or column, task, names the puzzle that a pair belongs to. \
            Grids may have any size; they are placed at the top left of a canvas. \
            Docs/YourOwnPuzzle.md is a tutorial from a text file to a trained model.

            Symmetries are checked against the pairs, and doubtful ones are reported. The data set \
            stores them for 'hrm train --set augment=…' and --votes.

              hrm prepare grid --train pairs.jsonl --test-share 0.1 --output data
              hrm prepare grid --train a.csv --test b.csv --alphabet .01 \\
                --symmetry dihedral --symmetry symbols --fixed-symbols . \\
                --augmentations 15 --output data
              hrm prepare grid --train c.csv --test-share 0.2 \\
                --alphabet '.-<>^v12345' --symmetry-map 'flip-horizontal: <>' \\
                --symmetry-map 'transpose: <^ >v' --output data
            """)

    @Option(help: ArgumentHelp("File of training pairs.", valueName: "file"))
    var train: String
    @Option(help: ArgumentHelp("File of test pairs.", valueName: "file"))
    var test: String?
    @Option(
        help: ArgumentHelp(
            "Share of the pairs for the test split, chosen at random.", valueName: "share"))
    var testShare: Double?
    @Option(
        help: ArgumentHelp(
            "The characters of the grids, each once; without it, grids consist of numbers.",
            valueName: "characters"))
    var alphabet: String?
    @Option(
        help: ArgumentHelp(
            "Rows and columns of the canvas, such as 9 or 6x9; by default the smallest that "
                + "fits.",
            valueName: "size"))
    var canvas: String?

    @Option(
        name: .customLong("symmetry"), parsing: .singleValue,
        help: ArgumentHelp(
            "A symmetry of the puzzle: dihedral (rotations and flips) or symbols "
                + "(permutations); can be repeated.", valueName: "name"))
    var symmetries: [Symmetry] = []
    @Option(
        name: .customLong("symmetry-map"), parsing: .singleValue,
        help: ArgumentHelp(
            "A transform that also renames symbols, each to the next one of its cycle: "
                + "'flip-horizontal: <>' or 'transpose: <^ >v'; can be repeated. "
                + "Transforms: \(DihedralTransform.allCases.map(\.name).joined(separator: ", ")).",
            valueName: "map"))
    var symmetryMaps: [String] = []
    @Option(
        help: ArgumentHelp(
            "Symbols that are not permuted: characters, or numbers separated by commas.",
            valueName: "symbols"))
    var fixedSymbols: String?
    @Option(
        help: ArgumentHelp(
            "Maximum augmentations of each training pair; by default 7 if there is a "
                + "symmetry.",
            valueName: "n"))
    var augmentations: Int?
    @OptionGroup var preparation: PreparationOptions

    func validate() throws {
        guard (test == nil) != (testShare == nil) else {
            throw ValidationError("use one of --test FILE and --test-share SHARE")
        }
        if let testShare, !(testShare > 0 && testShare < 1) {
            throw ValidationError(
                "--test-share is \(testShare); use a number above 0 and below 1, such as 0.1")
        }
        try augmentations?.require(in: 0...1_000_000, "--augmentations")
        guard augmentations ?? 0 == 0 || hasSymmetries else {
            throw ValidationError(
                "--augmentations needs --symmetry dihedral or symbols, or --symmetry-map, too")
        }
        guard fixedSymbols == nil || symmetries.contains(.symbols) else {
            throw ValidationError("--fixed-symbols is for --symmetry symbols")
        }
        _ = try parsedCanvas()
    }

    func run() throws {
        let folder = try preparation.folder()
        var random = preparation.generator
        let symbols = try alphabet.map { (text) throws(GridError) in
            try GridAlphabet(characters: text)
        }
        var survey = GridBlankSurvey()
        let pairs = try GridSplits.pairs(
            contentsOf: URL(fileURLWithPath: train), alphabet: symbols, survey: &survey)
        let splits =
            if let testShare {
                GridSplits(
                    dividing: pairs, testShare: testShare, alphabet: symbols, using: &random)
            } else {
                GridSplits(
                    train: pairs,
                    test: try GridSplits.pairs(
                        contentsOf: URL(fileURLWithPath: test ?? ""), alphabet: symbols,
                        survey: &survey),
                    alphabet: symbols)
            }
        let builder = GridDatasetBuilder(
            symmetries: GridSymmetries(
                isDihedral: symmetries.contains(.dihedral),
                exchangeableSymbols: try exchangeableSymbols(of: splits),
                maps: try maps(of: splits)),
            augmentations: hasSymmetries ? augmentations ?? 7 : 0,
            canvas: try parsedCanvas())
        var progress = ProgressDisplay()
        let report = try builder.build(splits, output: folder, using: &random) { done in
            progress.show { _ in
                ProgressBar(fraction: Double(done) / Double(splits.train.count), step: done)
            }
        }
        progress.clear()
        try tell(report)
        let blanks = survey.blanks.map { "'\(report.task.alphabet.text($0))'" }
        if let note = survey.filled.note(blank: blanks.joined(separator: " or ")) {
            Console.tell("Note: \(note)")
        }
    }

    private func tell(_ report: GridDatasetBuilder.Report) throws {
        let task = report.task
        try Console.print(
            "\(preparation.output): \(report.trainingPairs.grouped("training pair")) "
                + "on a canvas of \(task.canvas.rows)×\(task.canvas.columns), "
                + "\(report.trainingExamples.grouped("example")) with their variations; "
                + "\(report.testPairs.grouped("test pair")); \(task.alphabet.count.counted("symbol"))"
        )
        if !task.names.isEmpty {
            Console.tell(
                "Note: there \(task.names.count.word("is", "are")) \(task.names.count.grouped("task")); train with --set "
                    + "puzzle_emb_ndim=64 or so, or the model cannot tell them apart")
        }
        let shown = 3
        for doubt in report.doubts.prefix(shown) {
            Console.tell("Warning: \(doubt.text(task.alphabet))")
        }
        if report.doubts.count > shown {
            Console.tell(
                "Warning: further symmetries that are doubtful: "
                    + NumberText.grouped(report.doubts.count - shown))
        }
        if report.untrainedPairs > 0 {
            Console.tell(
                "Note: \(report.untrainedPairs.grouped("test pair belongs", "test pairs belong")) to tasks "
                    + "without a training pair")
        }
        if report.contradictoryQuestions > 0 {
            Console.tell(
                "Note: \(report.contradictoryQuestions.grouped("question")) with "
                    + "different answers in different pairs; a model gives one answer, so some of "
                    + "them count as wrong")
        }
        if report.sharedPairs > 0 {
            Console.tell(
                "Note: \(report.sharedPairs.grouped("training pair asks", "training pairs ask")) what a test "
                    + "pair asks; an evaluation will be too good")
        }
    }

    private var hasSymmetries: Bool { !symmetries.isEmpty || !symmetryMaps.isEmpty }

    private func maps(of splits: GridSplits) throws -> [GridSymmetryMap] {
        try symmetryMaps.map { text in
            do {
                return try GridSymmetryMap(
                    parsing: text, alphabet: splits.alphabet ?? .numbers(splits.symbolCount))
            } catch {
                throw ValidationError("--symmetry-map is '\(text)': \(error)")
            }
        }
    }

    private func parsedCanvas() throws -> GridCanvas? {
        guard let canvas else { return nil }
        let sides = canvas.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count <= 2, let rows = sides[0], let columns = sides[sides.count - 1] else {
            throw ValidationError("--canvas is '\(canvas)'; use a number, or two such as 6x9")
        }
        do {
            return try GridCanvas(rows: rows, columns: columns)
        } catch {
            throw ValidationError("--canvas is '\(canvas)': \(error)")
        }
    }

    private func exchangeableSymbols(of splits: GridSplits) throws -> [UInt8] {
        guard symmetries.contains(.symbols) else { return [] }
        let fixed = try fixedSymbols.map { try splits.symbols(named: $0) } ?? []
        return (0..<splits.symbolCount).map { UInt8($0) }.filter { !fixed.contains($0) }
    }
}
