import Foundation
import HRMTraining

/// Solves the Sudokus of a file, a line each, with a model that `hrm train` has made.
@main
enum SudokuSolver {
    static func main() async throws {
        guard CommandLine.arguments.count == 3 else {
            print("usage: SudokuSolver model.safetensors puzzles.txt")
            exit(2)
        }
        let reasoner = try await Reasoner(
            contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
        let puzzles = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8)
            .split(separator: "\n").map(String.init)

        // Many puzzles are thought about at the same time; the answers come in order.
        for await result in reasoner.solve(puzzles) {
            switch result {
            case .success(let answer): print(answer.text, answer.verdict ?? "")
            case .failure(let error): print("no puzzle: \(error)")
            }
        }

        // One puzzle again, step by step, as the model thinks.
        guard let first = puzzles.first else { return }
        for await answer in try reasoner.thoughts(of: first) {
            print("step \(answer.solution.steps): \(answer.text) \(answer.confidence)")
        }
    }
}
