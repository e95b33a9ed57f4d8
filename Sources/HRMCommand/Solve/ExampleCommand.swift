import ArgumentParser
import Foundation
import HRMData
import HRMTensor
import HRMTraining

/// The command `hrm example`.
struct ExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Write a file of puzzles such as you could make of your own.",
        discussion: """
            Prints binary puzzles as CSV for 'hrm prepare grid': a square is filled with zeros and \
            ones, as many of each in every row and column, and never three equal ones in a line. \
            Examples/binary-puzzles.csv is what comes out without any option.
            """)

    @Option(help: ArgumentHelp("How many puzzles.", valueName: "n"))
    var count = 1500
    @Option(help: ArgumentHelp("Rows of the puzzles: 4, 6 or 8.", valueName: "rows"))
    var size = 6
    @Option(
        help: ArgumentHelp("Givens of each puzzle, if so few are enough.", valueName: "n"))
    var givens = 0
    @Option(help: "Seed of every random choice; equal seeds give equal puzzles.")
    var seed: UInt64 = 0

    func validate() throws {
        try count.require(in: 1...1_000_000, "--count")
    }

    func run() throws {
        var random = SeededGenerator(seed: seed, stream: RandomStream.puzzles)
        var generator = try BinaryPuzzleGenerator(size: size, givens: givens)
        let alphabet = BinaryPuzzleGenerator.alphabet
        try Console.print("input,output")
        for _ in 0..<count {
            let pair = try generator.next(using: &random)
            try Console.print("\(alphabet.line(pair.input)),\(alphabet.line(pair.output))")
        }
    }
}
