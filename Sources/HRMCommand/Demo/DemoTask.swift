import ArgumentParser
import Foundation
import HRMData
import HRMTensor

/// The task of the demonstration.
enum DemoTask: String, ExpressibleByArgument, CaseIterable {
    case sudoku, maze, grid
}

/// Generates the demonstration's puzzles and writes them as a data set.
struct DemoPuzzles {
    let plan: DemoPlan

    /// The puzzles' name with their size.
    var name: String {
        switch plan.task {
        case .sudoku: "\(plan.size)×\(plan.size) Sudokus"
        case .maze: "\(plan.size)×\(plan.size) mazes"
        case .grid: "\(plan.size)×\(plan.size) binary puzzles"
        }
    }

    /// The kinds of augmentations; `nil` if there are none.
    var variations: String? {
        switch plan.task {
        case .sudoku: "shuffled variations"
        case .maze: nil
        case .grid: "turned, flipped and exchanged variations"
        }
    }

    /// The rules, for puzzles that readers may not know; the model never receives them.
    var rules: String? {
        switch plan.task {
        case .sudoku: nil
        case .maze:
            "Find a shortest path from S to G around the walls (#)."
        case .grid:
            """
            The cells are to be filled with zeros and ones, as many of each in every row and column, \
            and never three equal ones in a line.
            """
        }
    }

    /// The continuation of a sentence on the model's inputs, after the cells.
    var knowledge: String {
        switch plan.task {
        case .sudoku:
            ", and is told which of them share a row, a column or a box and that digits are just names, "
                + "and nothing about the rules"
        case .maze:
            ", and is told which of them lie beside each other, with no word about walls or ways"
        case .grid:
            ", and is told which of them lie beside or above each other or share a row or a column, and "
                + "that 0 and 1 are just names, and nothing about the rules"
        }
    }

    /// The words for the part of the answer that the question contains.
    var givens: String { plan.task == .sudoku ? "the givens" : "the question" }

    /// Generates the puzzles and builds the data set.
    ///
    /// - Parameters:
    ///   - folder: The folder to create.
    ///   - random: The source of the random choices.
    /// - Throws: Errors in generating or writing the puzzles.
    func prepare(in folder: URL, using random: inout SeededGenerator) throws {
        let count = plan.testPuzzles + plan.trainingPuzzles
        var progress = ProgressDisplay()
        switch plan.task {
        case .sudoku:
            var generator = try SudokuGenerator(
                SudokuGeometry(size: plan.size),
                difficulty: plan.givens.map { .givens($0) } ?? .minimal)
            let puzzles = try progress.collect(count) { try generator.next(using: &random) }
            _ = try SudokuDatasetBuilder(augmentations: plan.augmentations).build(
                train: .puzzles(Array(puzzles[plan.testPuzzles...])),
                test: .puzzles(Array(puzzles[..<plan.testPuzzles])), output: folder,
                using: &random)
        case .maze:
            var generator = try MazeGenerator(size: .square(plan.size), requiresUniquePath: true)
            let mazes = try progress.collect(count) { try generator.next(using: &random) }
            _ = try MazeDatasetBuilder().build(
                train: .puzzles(Array(mazes[plan.testPuzzles...])),
                test: .puzzles(Array(mazes[..<plan.testPuzzles])), output: folder, using: &random)
        case .grid:
            var generator = try BinaryPuzzleGenerator(size: plan.size, givens: plan.givens ?? 0)
            let pairs = try progress.collect(count) { try generator.next(using: &random) }
            let symmetries = GridSymmetries(isDihedral: true, exchangeableSymbols: [1, 2])
            let builder = GridDatasetBuilder(
                symmetries: symmetries, augmentations: plan.augmentations)
            _ = try builder.build(
                GridSplits(
                    train: Array(pairs[plan.testPuzzles...]),
                    test: Array(pairs[..<plan.testPuzzles]),
                    alphabet: BinaryPuzzleGenerator.alphabet),
                output: folder, using: &random)
        }
    }
}
