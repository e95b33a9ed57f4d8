import Foundation
import HRM

/// Trains a small model on a custom puzzle, evaluates it, and solves a puzzle with it.
@main
enum TrainYourOwn {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first, arguments.count <= 2,
            let steps = Int(arguments.dropFirst().first ?? "300"), steps > 0
        else {
            print("usage: TrainYourOwn new-folder [steps]")
            exit(2)
        }
        let folder = URL(fileURLWithPath: path)

        // Questions and answers; the model never sees the rules.
        let puzzles = LetterSquares()
        var generator = SeededGenerator(seed: 1)
        let pairs = try (0..<1200).map { _ in try puzzles.puzzle(using: &generator) }
        let splits = GridSplits(
            dividing: pairs, testShare: 0.2, alphabet: LetterSquares.alphabet, using: &generator)
        let (train, test) = try GridDatasetBuilder()
            .datasets(from: splits, in: folder.appendingPathComponent("data"))
        print("\(train.exampleCount) puzzles for training, \(test.exampleCount) for the test")

        // The rules hold in every row and column, and the four letters are interchangeable.
        var configuration = TrainingConfiguration(preset: .gridTiny)
        configuration.architecture.relations = [.row, .column]
        configuration.architecture.symbolCount = 4
        configuration.architecture.hiddenSize = 128
        configuration.dataPath = folder.appendingPathComponent("data").path
        let session = try TrainingSession(
            configuration: configuration, training: train, test: test, limits: .init(steps: steps))
        let run = folder.appendingPathComponent("run")
        let outcome = try session.run(in: run) { event in
            if case .step(let result) = event, result.step.isMultiple(of: 50) {
                print("step \(result.step): solved \(percent(result.metrics.exactAccuracy))")
            }
        }
        for report in outcome.evaluation?.best ?? [] {
            print("solved \(percent(report.exactAccuracy)) of \(report.count) unseen puzzles")
        }

        // The run folder is a model file, for this program and for `hrm solve --checkpoint`.
        let reasoner = try await Reasoner(contentsOf: run)
        let answer = try await reasoner.solve("A..B/..C./.D../.A..")
        print("answer: \(answer.text), confidence \(percent(answer.confidence))")
    }

    private static func percent(_ share: Double) -> String {
        "\((1000 * share).rounded() / 10) %"
    }
}
