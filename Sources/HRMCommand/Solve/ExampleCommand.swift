import ArgumentParser
import Foundation
import HRMData
import HRMTensor
import HRMTraining

/// The command `hrm example`.
struct ExampleCommand: ParsableCommand {
    /// The kinds of puzzles to generate.
    enum Puzzle: String, ExpressibleByArgument, CaseIterable {
        case binary, futoshiki, skyscrapers

        /// The default number of rows.
        var size: Int {
            switch self {
            case .binary: 6
            case .futoshiki, .skyscrapers: 5
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Write a file of example puzzles for 'hrm prepare grid'.",
        discussion: """
            Prints puzzles with exactly one solution as CSV for 'hrm prepare grid':

              binary       a square with equally many zeros and ones in every row and column, \
            and no three equal digits side by side. Examples/binary-puzzles.csv is the output \
            without options; alphabet .01
              futoshiki    a Latin square with inequalities between its cells, on a grid of 2n-1 \
            rows; alphabet .-<>^v12345
              skyscrapers  a Latin square of heights, with clues at the border that count the \
            visible ones, on a grid of n+2 rows; alphabet .-12345
            """)

    @Argument(help: "The kind of puzzle: binary, futoshiki or skyscrapers.")
    var puzzle = Puzzle.binary
    @Option(help: ArgumentHelp("Number of puzzles.", valueName: "n"))
    var count = 1500
    @Option(
        help: ArgumentHelp(
            "Rows of the puzzles: 4, 6 or 8 for binary (default: 6), 4 to 6 for the others "
                + "(default: 5).", valueName: "rows"))
    var size: Int?
    @Option(
        help: ArgumentHelp(
            "Givens of each puzzle, if they suffice for one solution.", valueName: "n"))
    var givens = 0
    @Option(
        help: ArgumentHelp(
            "Marks between the cells, or clues at the border; by default half of all. Not for "
                + "binary.",
            valueName: "n"))
    var clues: Int?
    @Option(help: "Seed of every random choice; equal seeds give equal puzzles.")
    var seed: UInt64 = 0

    func validate() throws {
        try count.require(in: 1...1_000_000, "--count")
        guard clues == nil || puzzle != .binary else {
            throw ValidationError("--clues is for futoshiki and skyscrapers")
        }
    }

    func run() throws {
        var random = SeededGenerator(seed: seed, stream: RandomStream.puzzles)
        let size = size ?? puzzle.size
        switch puzzle {
        case .binary:
            var generator = try BinaryPuzzleGenerator(size: size, givens: givens)
            try write(BinaryPuzzleGenerator.alphabet) { try generator.next(using: &random) }
        case .futoshiki:
            var generator = try FutoshikiGenerator(size: size, givens: givens, clues: clues)
            try write(FutoshikiGenerator.alphabet(size: size)) {
                try generator.next(using: &random)
            }
        case .skyscrapers:
            var generator = try SkyscrapersGenerator(
                size: size, givens: givens, clues: clues)
            try write(SkyscrapersGenerator.alphabet(size: size)) {
                try generator.next(using: &random)
            }
        }
    }

    private func write(_ alphabet: GridAlphabet, next: () throws -> GridPair) throws {
        try Console.print("input,output")
        for _ in 0..<count {
            let pair = try next()
            try Console.print("\(alphabet.line(pair.input)),\(alphabet.line(pair.output))")
        }
    }
}
