import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles
public import HRMInference
import HRMModel
import HRMTraining

extension DifficultyMeasure: ExpressibleByArgument {}

/// The command `hrm explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Analyze a model's reasoning on the puzzles of a data set.",
        discussion: """
            Every puzzle gets all thinking steps. After each step, these are measured: the share \
            of correct cells, the entropy of the cells, the changes of the slow state (z_H) and of \
            the fast state (z_L), and the model's confidence in its answer. The halting rule, by default \
            that of 'hrm solve', is only observed: the steps at which it would have halted are shown \
            against the puzzles' difficulty, and the model's confidence against its accuracy.

            Difficulty is the number of blanks of a Sudoku, the length of a maze's path, or, for \
            other puzzles, the number of cells that the answer changes; --difficulty guesses counts \
            the guesses of a solver for a Sudoku.

              hrm explain --checkpoint run --data data --examples 1000 --svg explained.svg
            """)

    @OptionGroup var model: ModelOptions
    @Option(help: ArgumentHelp("The data set's folder.", valueName: "folder"))
    var data: String
    @Option(help: ArgumentHelp("The split to analyze.", valueName: "name"))
    var split = "test"
    @Option(help: ArgumentHelp("Analyze only the first n puzzles.", valueName: "n"))
    var examples: Int?
    @Option(
        help: ArgumentHelp(
            "Thinking steps of each puzzle; by default as many as in training.", valueName: "n"))
    var thinkingSteps: Int?
    @Option(
        help: ArgumentHelp(
            "The halting rule to observe: 'converged', 'sign', 'comparison', 'never', or a minimum "
                + "confidence, such as 0.9. The default is that of 'hrm solve' and 'hrm evaluate': "
                + "'converged'; for ARC tasks, and models that were trained with one step, 'never'.",
            valueName: "rule"))
    var halt: HaltingRule?
    @Option(
        help: ArgumentHelp(
            "The measure of difficulty: open 'cells', or 'guesses' of a solver (Sudoku).",
            valueName: "measure"))
    var difficulty = DifficultyMeasure.cells
    @Option(
        help: ArgumentHelp(
            "Puzzles in a batch; affects memory use, not results.", valueName: "n"))
    var batchSize = Evaluator.defaultBatchSize
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var pictures: PictureOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try examples?.require(in: 1...1_000_000_000, "--examples")
        try thinkingSteps?.require(in: 1...65536, "--thinking-steps")
        try batchSize.require(in: 1...100_000, "--batch-size")
    }

    func run() throws {
        try pictures.check()
        let file = try model.load()
        let dataset = try PuzzleDataset(folder: URL(fileURLWithPath: data), split: split)
        guard difficulty.name(for: dataset.task) != nil else {
            throw CommandError(
                "--difficulty \(difficulty.rawValue) is for Sudokus, which \(data) has none of; use "
                    + "cells")
        }
        // The same defaults as in the other commands.
        let usual =
            dataset.hasARCTokens
            ? InferenceOptions.asTrained(file.model) : .recommended(for: file.model)
        let puzzles = min(examples ?? .max, dataset.exampleCount)
        let survey = ReasoningAnalysis(
            model: file.model, workers: workers.threads,
            batchSize: max(1, min(batchSize, puzzles)))
        var progress = ProgressDisplay()
        let report = try survey.survey(
            dataset, limit: examples, maxSteps: thinkingSteps, halting: halt ?? usual.halting,
            measure: difficulty
        ) { share in
            progress.show { elapsed in
                ProgressBar(
                    fraction: share, step: Int(share * Double(puzzles)),
                    secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: share))
            }
        }
        progress.clear()
        guard report.count > 0 else {
            throw CommandError(
                "the split '\(split)' of \(data) has no puzzle with a known answer; choose another "
                    + "one")
        }
        if json {
            var members = ExplanationJSON.members(of: report)
            members["split"] = .text(split)
            members["seconds"] = .number(progress.elapsed)
            try Console.print(JSONValue.object(members).line())
        } else {
            try Console.print(ExplanationText(report: report).text, terminator: "")
        }
        if pictures.areWanted {
            try pictures.write(ExplanationCharts(report: report).sheet)
        }
    }
}
