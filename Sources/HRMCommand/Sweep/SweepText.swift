import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMTensor
import HRMTraining

/// The text of a sweep's plan and results, as tables, JSON and a figure.
struct SweepText {
    let sweep: SweepPlan
    let threads: Workers

    var file: SweepFile { sweep.file }

    /// Returns the plan of the runs.
    ///
    /// - Parameter width: The number of columns of the terminal.
    /// - Returns: A table, and each experiment's settings.
    func plan(width: Int) -> String {
        var table = Table(columns: [
            .init("experiment"), .init("steps", .right), .init("batch", .right),
            .init("FLOP a run", .right),
        ])
        for (index, experiment) in file.experiments.enumerated() {
            let run = sweep.runs[index]
            table.append([
                experiment.name, NumberText.grouped(run.steps),
                NumberText.grouped(run.configuration.globalBatchSize),
                NumberText.scientific(run.cost.operations(of: run.steps, outOf: run.steps)),
            ])
        }
        let count = sweep.runs.count
        let experiments = sweep.runs.prefix(file.experiments.count)
        let warmup = experiments.first { $0.configuration.warmupSteps >= $0.steps }.map {
            "The rates of '\($0.name)' rise to its end: lr_warmup_steps is "
                + "\($0.configuration.warmupSteps)\n"
        }
        return table.text + "\n" + settings(width: width)
            + "\(count.grouped("run")) of \(seeds); "
            + "\(NumberText.scientific(file.budget * Double(count))) FLOP in all at most\n"
            + (warmup ?? "")
    }

    /// Returns the settings that distinguish the experiments, wrapped to the width.
    private func settings(width: Int) -> String {
        file.experiments.map { experiment in
            let text = experiment.settings.isEmpty ? ["the shared ones"] : experiment.settings
            return WrappedText.wrapped(
                "\(experiment.name): \(text.joined(separator: " "))", width: width) + "\n\n"
        }.joined()
    }

    /// The seeds in a sentence.
    var seeds: String {
        let list = file.seeds.map { "\($0)" }.joined(separator: ", ")
        return "\(file.seeds.count.word("seed")) \(list)"
    }

    /// Returns the results of all runs so far.
    func results(in folder: SweepFolder) throws -> [SweepResult] {
        try sweep.runs.map { try SweepResult(of: $0, in: folder) }
    }

    private static let fileNames = ["results.md", "results.json", "accuracy.svg"]

    /// Rewrites the tables and the figure.
    func write(to folder: SweepFolder) throws {
        let results = try results(in: folder)
        let texts = [
            markdown(of: results), try json(of: results),
            ChartSheet(charts: [chart(of: results)]).svg,
        ]
        for (name, text) in zip(Self.fileNames, texts) {
            try AtomicFile.write(Data(text.utf8), to: folder.url.appendingPathComponent(name))
        }
    }

    /// Refuses a folder in which the tables and the figure cannot be written, before hours of
    /// training depend on it.
    ///
    /// - Throws: `FileError` about the first file that cannot be written.
    static func requireWritable(in folder: SweepFolder) throws(FileError) {
        guard FileManager.default.fileExists(atPath: folder.url.path) else { return }
        for name in fileNames {
            let file = folder.url.appendingPathComponent(name)
            do throws(FileProblem) {
                try FileReplacement.check(file, otherNames: .keepContent)
            } catch {
                throw FileError(.write, path: file.path, reason: error.reason)
            }
        }
    }

    /// Returns the results of one experiment.
    func results(_ results: [SweepResult], of experiment: Int) -> [SweepResult] {
        results.filter { $0.run.experiment == experiment }
    }
}

extension SweepText {
    private static let titles = [
        "experiment", "steps", "FLOP a run", "runs", "exact accuracy", "lowest to highest",
        "best on the way", "cells", "settings",
    ]

    /// Returns one row per experiment, with means over the finished runs.
    private func rows(of results: [SweepResult]) -> [[String]] {
        file.experiments.enumerated().map { index, experiment in
            let own = self.results(results, of: index)
            func spread(_ value: (SweepResult) -> Double?) -> SeedSpread? {
                SeedSpread(own.compactMap(value))
            }
            let exact = spread { $0.last?.exactAccuracy }
            let range = exact.map {
                "\(NumberText.percent($0.lowest)) to \(NumberText.percent($0.highest))"
            }
            return [
                experiment.name, own.first.map { NumberText.grouped($0.run.steps) } ?? "",
                own.first.map {
                    NumberText.scientific(
                        $0.run.cost.operations(of: $0.run.steps, outOf: $0.run.steps))
                } ?? "",
                states(of: own), Self.text(exact), range ?? NumberText.missing,
                Self.text(spread { $0.best?.exactAccuracy }),
                Self.text(spread { $0.last?.accuracy }),
                experiment.settings.joined(separator: " "),
            ]
        }
    }

    /// Returns text such as `82.1 ± 1.3 %`, or a single run's result without a spread.
    private static func text(_ spread: SeedSpread?) -> String {
        guard let spread else { return NumberText.missing }
        guard let deviation = spread.deviation else { return NumberText.percent(spread.mean) }
        return NumberText.percent(spread.mean).dropLast(2) + " ± "
            + NumberText.fixed(100 * deviation, digits: 1) + " %"
    }

    private func states(of results: [SweepResult]) -> String {
        let finished = results.count { $0.state == .finished }
        let diverged = results.count { if case .diverged = $0.state { true } else { false } }
        let text = "\(finished) of \(results.count)"
        return diverged > 0 ? "\(text), \(diverged) diverged" : text
    }

    /// Returns the results for a terminal; the settings are in the Markdown document.
    func table(of results: [SweepResult]) -> String {
        var table = Table(
            columns: Self.titles.dropLast().enumerated().map {
                .init($1, $0 == 0 ? .left : .right)
            })
        for row in rows(of: results) { table.append(row.dropLast()) }
        return table.text
    }

    /// Returns the results as Markdown.
    func markdown(of results: [SweepResult]) -> String {
        func line(_ cells: [String]) -> String {
            let safe = cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }
            return "| " + safe.joined(separator: " | ") + " |"
        }
        let puzzles = results.map(\.puzzles).max() ?? 0
        let shared = file.settings.isEmpty ? "none" : "`\(file.settings.joined(separator: " "))`"
        let head = [
            "# Sweep", "",
            "Data `\(file.dataPath)`; preset `\(file.preset.rawValue)`; shared settings: \(shared).",
            "Budget: \(NumberText.scientific(file.budget)) FLOP for the training of each run, "
                + "\(seeds).",
            "Evaluated on \(puzzles.grouped("test puzzle")), "
                + "\(file.evaluations == 1 ? "once" : "\(file.evaluations) times") a run; the accuracy is that at the end, mean ± standard "
                + "deviation over the seeds that are finished.",
            "hrm \(Package.version), \(threads.count.counted("worker")), \(KernelPath.active) kernels.",
            "",
            line(Self.titles), line(Self.titles.map { _ in "---" }),
        ]
        return (head + rows(of: results).map(line)).joined(separator: "\n") + "\n"
    }
}
