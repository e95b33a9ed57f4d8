import Foundation
import Testing

/// A separate folder for a test, and the commands that most tests begin with.
struct Workbench {
    let folder: URL

    /// Runs `body` in a new folder, which is removed afterwards.
    static func use(_ body: (Workbench) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-command-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(Workbench(folder: folder))
    }

    /// Settings of a model that trains quickly even without compiler optimization.
    static let tinySettings = [
        "hidden_size=16", "num_heads=2", "puzzle_emb_ndim=16", "expansion=1", "H_layers=1",
        "L_layers=1", "H_cycles=1", "L_cycles=1", "halt_max_steps=3", "global_batch_size=4",
        "forward_dtype=float32", "pos_encodings=rope",
    ]

    /// The same for a model whose cells share all weights.
    static let tinyShared = [
        "hidden_size=16", "expansion=1", "halt_max_steps=3", "global_batch_size=4",
        "forward_dtype=float32",
    ].flatMap { ["--set", $0] }

    /// The settings as arguments.
    static let tiny = tinySettings.flatMap { ["--set", $0] }

    func hrm(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) throws -> Program.Result {
        try hrm(arguments, input: input, environment: environment)
    }

    /// Runs the program with the arguments in a list.
    func hrm(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Program.Result {
        try Program.run(arguments, input: input, environment: environment, in: folder)
    }

    /// Builds the data set `data` with 10 test puzzles of 4×4.
    func prepare() throws {
        let result = try hrm(
            "prepare", "sudoku", "--generate", "12", "--test-size", "10", "--size", "4",
            "--givens", "8", "--augmentations", "2", "--output", "data")
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Trains a tiny model on `data`.
    func train(
        steps: Int = 3, output: String = "run", _ more: String...
    ) throws -> Program.Result {
        try Program.run(
            ["train", "--data", "data", "--output", output, "--steps", "\(steps)"]
                + Self.tiny + more, in: folder)
    }

    /// Creates `data` and `run`.
    func prepareAndTrain() throws {
        try prepare()
        let result = try train()
        try #require(result.status == 0, "\(result.errors)")
    }

    func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

    func bytes(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: url(path))
    }

    /// Returns everything in the folder, including hidden files, sorted.
    func listing() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }
}

/// Expects that a command failed with one line that contains all these words, and wrote no files.
func expectFailure(
    _ result: Program.Result, status: Int32 = 1, mentioning words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    #expect(result.errors.hasPrefix("Error: "), "\(result.errors)", sourceLocation: sourceLocation)
    let lines = result.errors.split(separator: "\n").count
    #expect(status != 1 || lines == 1, "\(result.errors)", sourceLocation: sourceLocation)
    for word in words {
        #expect(
            result.errors.contains(word), "\(result.errors) lacks \(word)",
            sourceLocation: sourceLocation)
    }
}
