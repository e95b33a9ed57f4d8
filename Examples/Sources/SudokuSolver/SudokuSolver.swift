import Foundation
import HRM

/// Solves the Sudokus in a file, one per line, with the included model or one trained with `hrm train`.
@main
enum SudokuSolver {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let file = arguments.first, arguments.count <= 2 else {
            print("usage: SudokuSolver puzzles.txt [model.safetensors]")
            exit(2)
        }
        let reasoner =
            if let model = arguments.dropFirst().first {
                try await Reasoner(contentsOf: URL(fileURLWithPath: model))
            } else {
                try Reasoner(pretrained: "sudoku-9x9")
            }
        let puzzles = try String(contentsOfFile: file, encoding: .utf8)
            .split(separator: "\n").map(String.init)

        // Puzzles are solved concurrently; the answers are in order.
        for await result in reasoner.solve(puzzles) {
            switch result {
            case .success(let answer): print(answer.text, answer.verdict ?? "")
            case .failure(let error): print("no puzzle: \(error)")
            }
        }

        // The first puzzle again, with the answer after each step.
        guard let first = puzzles.first else { return }
        for await answer in try reasoner.thoughts(of: first) {
            print("step \(answer.solution.steps): \(answer.text) \(answer.confidence)")
        }
    }
}
