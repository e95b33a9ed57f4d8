public import ArgumentParser
import Foundation
public import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

extension ARCScoringRule: ExpressibleByArgument {}

/// The options of `hrm evaluate` for ARC tasks.
struct ARCScoringOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rule whose pass@k comes first in --json: 'hrm' (whole tasks), 'trm' (mean of "
                + "the share of each task's test inputs) or 'kaggle' (share of all test inputs, as "
                + "scored by the competition). All three are printed.",
            valueName: "rule"))
    var rule = ARCScoringRule.hrm
    @Option(
        help: ArgumentHelp(
            "The file for two attempts at each ARC test input; by default submission.json "
                + "beside the weights. With --limit, attempts are written only if this option is "
                + "given.",
            valueName: "file"))
    var submission: String?

    /// Returns the ARC scoring of a split beside the usual metrics; `nil` if it is not a test split
    /// of ARC tasks.
    ///
    /// - Parameters:
    ///   - dataset: The split.
    ///   - data: Its data folder.
    ///   - split: Its name.
    ///   - checkpoint: The evaluated model.
    ///   - isLimited: True if only some of the puzzles are evaluated.
    /// - Returns: A scoring without answers.
    /// - Throws: An error with the problem of the folder.
    func scoring(
        _ dataset: PuzzleDataset, of data: String, split: String, checkpoint: String,
        isLimited: Bool
    ) throws -> ARCScoringOutput? {
        guard
            let scoring = try known(
                dataset, of: data, split: split, checkpoint: checkpoint, isLimited: isLimited)
        else { return nil }
        if scoring.tasksAreDerived {
            Console.tell(
                "Note: \(data) has no \(ARCTestPuzzles.fileName), so its "
                    + "\(scoring.vote.tasks.count.grouped("test task was", "test tasks were")) told from the "
                    + "names in identifiers.json and the arrays")
        }
        var url = submission.map { URL(fileURLWithPath: $0) }
        if url == nil, !isLimited {
            url = ModelFile.folder(of: URL(fileURLWithPath: checkpoint))
                .appendingPathComponent("submission.json")
        }
        if let url {
            do {
                // Checked before hours of work.
                try AtomicFile.check(url)
            } catch {
                throw CommandError("\(error); say where with --submission")
            }
        }
        return ARCScoringOutput(scoring: scoring, rule: rule, submission: url)
    }

    /// Returns the scoring if the tasks are known, and checks that nothing is asked for that only a
    /// scoring has.
    private func known(
        _ dataset: PuzzleDataset, of data: String, split: String, checkpoint: String,
        isLimited: Bool
    ) throws -> ARCScoring? {
        var reason: String?
        if split == "test" {
            do {
                return try ARCScoring(
                    dataset, in: URL(fileURLWithPath: data),
                    checkpoint: URL(fileURLWithPath: checkpoint), onlyAnswered: isLimited)
            } catch ARCScoringError.noTasks {
            } catch let error as ARCScoringError {
                guard case .unknownTasks = error else { throw error }
                reason = error.description
            }
        }
        guard submission == nil else {
            throw CommandError(
                "there is nothing to submit: "
                    + (reason ?? "\(data) has no \(ARCTestPuzzles.fileName) for the split "
                        + "'\(split)'; use the test split of ARC tasks"))
        }
        if let reason { Console.tell("Note: no pass@k is measured: \(reason)") }
        guard dataset.hasCountedLabels else {
            throw CommandError(
                "nothing can be measured on the split '\(split)' of \(data): every label is the "
                    + "ignored one, ignore_label_id in dataset.json; correct it, or build the "
                    + "data set again")
        }
        return nil
    }
}
