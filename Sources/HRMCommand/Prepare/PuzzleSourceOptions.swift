import ArgumentParser
import Foundation
import HRMData
import HRMFigures

/// The options for the source of a data set's puzzles: files, the hub, or a generator.
struct PuzzleSourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File of training puzzles: CSV, for Sudokus also JSON.", valueName: "file"))
    var train: String?
    @Option(
        help: ArgumentHelp(
            "File of test puzzles: CSV, for Sudokus also JSON.", valueName: "file"))
    var test: String?
    @Flag(help: "Fetch the published files from the Hugging Face hub.")
    var download = false

    @Option(help: ArgumentHelp("Generate this many training puzzles.", valueName: "n"))
    var generate: Int?
    @Option(help: ArgumentHelp("Generate this many test puzzles.", valueName: "n"))
    var testSize: Int?
    @Option(help: ArgumentHelp("Rows of the generated puzzles.", valueName: "rows"))
    var size: Int?

    @Option(help: ArgumentHelp("Use a random sample of n training puzzles.", valueName: "n"))
    var subsample: Int?

    func validate() throws {
        let sources = [train != nil || test != nil, generate != nil, download]
        guard sources.count(where: \.self) <= 1 else {
            throw ValidationError("use --train and --test, or --generate, or --download")
        }
        if generate != nil {
            guard testSize != nil, size != nil else {
                throw ValidationError("--generate needs --test-size and --size, too")
            }
        } else {
            guard download || (train != nil && test != nil) else {
                throw ValidationError(
                    "say where the puzzles are from: --train FILE --test FILE, or --download, or "
                        + "--generate N --test-size M --size ROWS")
            }
            try requireGenerator(testSize == nil && size == nil, "--test-size and --size are")
        }
        let many = 1_000_000_000
        try generate?.require(in: 1...many, "--generate")
        try testSize?.require(in: 1...many, "--test-size")
        try subsample?.require(in: 1...many, "--subsample")
    }

    /// Checks that generator options are used with a generator only.
    ///
    /// - Parameters:
    ///   - areMissing: True if none of them is given.
    ///   - options: The options as the subject of a sentence, with its verb.
    /// - Throws: A usage error.
    func requireGenerator(_ areMissing: Bool, _ options: String) throws {
        guard generate != nil || areMissing else {
            throw ValidationError("\(options) for --generate")
        }
    }

    /// Returns the puzzles of both splits.
    ///
    /// - Parameters:
    ///   - dataset: The data set for `--download`.
    ///   - progress: The display of the progress.
    ///   - generator: Returns a function that generates puzzles with the given number of rows.
    /// - Returns: Sources for a builder.
    /// - Throws: Errors in downloading or generating the puzzles.
    func splits<Puzzle: Sendable>(
        published dataset: HubDataset, progress: inout ProgressDisplay,
        generator: (_ size: Int) throws -> () throws -> Puzzle
    ) throws -> (train: PuzzleSource<Puzzle>, test: PuzzleSource<Puzzle>) {
        if download {
            let files = try Download.files(
                ["train.csv", "test.csv"], of: dataset, progress: &progress)
            return (.csv(files[0]), .csv(files[1]))
        }
        guard let generate, let testSize, let size else {
            return (
                .csv(URL(fileURLWithPath: train ?? "")), .csv(URL(fileURLWithPath: test ?? ""))
            )
        }
        let puzzles = try progress.collect(testSize + generate, generator(size))
        return (.puzzles(Array(puzzles[testSize...])), .puzzles(Array(puzzles[..<testSize])))
    }
}

extension ProgressDisplay {
    /// Collects elements one at a time, with a display of their number.
    mutating func collect<Element>(
        _ count: Int, _ next: () throws -> Element
    ) rethrows -> [Element] {
        defer { clear() }
        var elements: [Element] = []
        while elements.count < count {
            elements.append(try next())
            let made = elements.count
            show { _ in ProgressBar(fraction: Double(made) / Double(count), step: made) }
        }
        return elements
    }
}
