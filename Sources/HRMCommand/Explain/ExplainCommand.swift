public import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMModel
public import HRMTraining

extension DifficultyMeasure: ExpressibleByArgument {}

/// The command `hrm explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show how a model thinks about the puzzles of a data set.",
        discussion: """
            Every puzzle gets all thinking steps, and after each of them the model is asked: how much \
            is right by now, how open the cells still are, how far its slow state (z_H) and its fast \
            one (z_L) have moved, and how sure it is of its answer. The halting rule, by default that \
            of 'hrm solve', is only watched: the steps at which it would have ended the puzzles stand \
            against their difficulty. The model's confidence stands against how often it is right.

            Difficulty is the number of blanks of a Sudoku, the length of a maze's way, elsewhere the \
            number of cells that the answer changes; --difficulty guesses counts the guesses of a \
            solver for a Sudoku.

              hrm explain --checkpoint run --data data --examples 1000 --svg explained.svg
            """)

    @OptionGroup var model: ModelOptions
    @Option(help: ArgumentHelp("The data set's folder.", valueName: "folder"))
    var data: String
    @Option(help: ArgumentHelp("The split to look at.", valueName: "name"))
    var split = "test"
    @Option(help: ArgumentHelp("Look at the first puzzles only, this many.", valueName: "n"))
    var examples: Int?
    @Option(
        help: ArgumentHelp(
            "Thinking steps of each puzzle; as many as in training unless given.", valueName: "n"))
    var thinkingSteps: Int?
    @Option(
        help: ArgumentHelp(
            "The halting rule to watch: 'settled', 'sign', 'comparison', 'never', or the least "
                + "confidence, such as 0.9. Unless given, the rule that 'hrm solve' and 'hrm evaluate' "
                + "follow: 'settled'; for ARC tasks, and models that were trained with one step, "
                + "'never'.",
            valueName: "rule"))
    var halt: HaltingRule?
    @Option(
        help: ArgumentHelp(
            "What makes a puzzle hard: 'cells' that are open, or 'guesses' of a solver (Sudoku).",
            valueName: "measure"))
    var difficulty = DifficultyMeasure.cells
    @Option(
        help: ArgumentHelp(
            "Puzzles at the same time; decides memory, not results.", valueName: "n"))
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
        // As the other commands think about these puzzles.
        let usual =
            ARCScoringOptions.hasARCTokens(dataset)
            ? ThinkingPlan.asTrained(file.model) : .recommended(for: file.model)
        let puzzles = min(examples ?? .max, dataset.exampleCount)
        let survey = ThinkingSurvey(
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
