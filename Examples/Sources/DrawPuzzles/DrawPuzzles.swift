import Foundation
import HRM

/// Draws a Sudoku and its answer in the terminal and in files, and the curves of a training run.
@main
enum DrawPuzzles {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (1...2).contains(arguments.count) else {
            print("usage: DrawPuzzles folder [run]")
            exit(2)
        }
        let folder = URL(fileURLWithPath: arguments[0])
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

        let reasoner = try Reasoner(pretrained: "sudoku-9x9")
        let answer = try await reasoner.solve(
            "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79")
        // `terminal` is in colour; `text(color: false)` suits logs.
        print(answer.comparison.text(width: 80, color: false))
        try write(answer.comparison.svg, "answer.svg", in: folder)
        try Data(answer.picture.png).write(to: folder.appendingPathComponent("answer.png"))

        guard arguments.count == 2 else { return }
        let history = try MetricsHistory(ofRun: URL(fileURLWithPath: arguments[1]))
        let curve = history.chart("train/exact_accuracy", title: "solved training puzzles")
        print(curve.text(width: 72, color: false))
        try write(curve.svg, "curve.svg", in: folder)
        try Data(curve.png).write(to: folder.appendingPathComponent("curve.png"))
    }

    private static func write(_ text: String, _ name: String, in folder: URL) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
}
