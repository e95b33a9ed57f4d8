import Foundation
import HRMFigures
import HRMTensor
import HRMTraining

/// What a sweep is and what it came to, as tables, JSON and a figure.
struct SweepText {
    let sweep: SweepPlan
    let threads: Workers

    private var file: SweepFile { sweep.file }

    /// What will be run.
    var plan: String {
        var table = Table(columns: [
            .init("experiment"), .init("steps", .right), .init("batch", .right),
            .init("FLOP a run", .right), .init("settings"),
        ])
        for (index, experiment) in file.experiments.enumerated() {
            guard let run = sweep.runs(of: index).first else { continue }
            table.append([
                experiment.name, NumberText.grouped(run.steps),
                NumberText.grouped(run.configuration.globalBatchSize),
                NumberText.scientific(run.cost.operations(of: run.steps, outOf: run.steps)),
                experiment.settings.joined(separator: " "),
            ])
        }
        let count = sweep.runs.count
        let warmup = sweep.runs.first { $0.configuration.warmupSteps >= $0.steps }.map {
            "The rates of '\($0.name)' rise to its end: lr_warmup_steps is "
                + "\($0.configuration.warmupSteps)\n"
        }
        return table.text + "\(NumberText.grouped(count)) runs of \(seeds); "
            + "\(NumberText.scientific(file.budget * Double(count))) FLOP in all at most\n"
            + (warmup ?? "")
    }

    private var seeds: String {
        let list = file.seeds.map { "\($0)" }.joined(separator: ", ")
        return file.seeds.count == 1 ? "seed \(list)" : "seeds \(list)"
    }

    /// What all runs have come to so far.
    func results(in folder: SweepFolder) throws -> [SweepResult] {
        try sweep.runs.map { try SweepResult(of: $0, in: folder) }
    }

    /// Writes tables and figure anew.
    func write(to folder: SweepFolder) throws {
        let results = try results(in: folder)
        let files = [
            ("results.md", markdown(of: results)), ("results.json", try json(of: results)),
            ("accuracy.svg", ChartSheet(charts: [chart(of: results)]).svg),
        ]
        for (name, text) in files {
            try AtomicFile.write(Data(text.utf8), to: folder.url.appendingPathComponent(name))
        }
    }

    private func results(_ results: [SweepResult], of experiment: Int) -> [SweepResult] {
        results.filter { $0.run.experiment == experiment }
    }
}

// MARK: - Tables

extension SweepText {
    private static let titles = [
        "experiment", "steps", "FLOP a run", "runs", "exact accuracy", "lowest to highest",
        "best on the way", "cells", "settings",
    ]

    /// A row an experiment: means over the finished runs.
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

    /// `82.1 ± 1.3 %`, or without a spread what one run came to.
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

    /// The results for a terminal.
    func table(of results: [SweepResult]) -> String {
        var table = Table(
            columns: Self.titles.enumerated().map {
                .init($1, (1...7).contains($0) ? .right : .left)
            })
        for row in rows(of: results) { table.append(row) }
        return table.text
    }

    /// The results for a document.
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
            "Evaluated on \(NumberText.grouped(puzzles)) test puzzles, "
                + "\(file.evaluations) times a run; the accuracy is that at the end, mean ± standard "
                + "deviation over the seeds that are finished.",
            "hrm \(Package.version), \(threads.count) workers, \(KernelPath.active) kernels.", "",
            line(Self.titles), line(Self.titles.map { _ in "---" }),
        ]
        return (head + rows(of: results).map(line)).joined(separator: "\n") + "\n"
    }
}

// MARK: - JSON

extension SweepText {
    /// The results for a program: one object with experiments and their runs.
    func json(of results: [SweepResult]) throws -> String {
        let experiments = file.experiments.enumerated().map { index, experiment in
            let own = self.results(results, of: index)
            return JSONValue.object([
                "name": .text(experiment.name),
                "settings": .list(experiment.settings.map { .text($0) }),
                "exact_accuracy": Self.value(SeedSpread(own.compactMap { $0.last?.exactAccuracy })),
                "best_exact_accuracy": Self.value(
                    SeedSpread(own.compactMap { $0.best?.exactAccuracy })),
                "accuracy": Self.value(SeedSpread(own.compactMap { $0.last?.accuracy })),
                "runs": .list(own.map(Self.value)),
            ])
        }
        let value = JSONValue.object([
            "data": .text(file.dataPath), "preset": .text(file.preset.rawValue),
            "budget": .number(file.budget), "seeds": .list(file.seeds.map { .unsigned($0) }),
            "settings": .list(file.settings.map { .text($0) }),
            "evaluation": .object([
                "points": .integer(file.evaluations),
                "limit": file.evaluationLimit.map { .integer($0) } ?? .null,
            ]),
            "package_version": .text(Package.version), "workers": .integer(threads.count),
            "kernel_path": .text(KernelPath.active.name), "experiments": .list(experiments),
        ])
        return try value.line() + "\n"
    }

    private static func value(_ spread: SeedSpread?) -> JSONValue {
        guard let spread else { return .null }
        return .object([
            "count": .integer(spread.count), "mean": .number(spread.mean),
            "deviation": spread.deviation.map { .number($0) } ?? .null,
            "lowest": .number(spread.lowest), "highest": .number(spread.highest),
        ])
    }

    private static func value(_ result: SweepResult) -> JSONValue {
        let (state, reason): (String, String?) =
            switch result.state {
            case .open: ("open", nil)
            case .unfinished: ("unfinished", nil)
            case .finished: ("finished", nil)
            case .diverged(let reason): ("diverged", reason)
            }
        let points = result.points.map { point in
            JSONValue.object([
                "step": .integer(point.step), "flop": .number(point.operations),
                "exact_accuracy": .number(point.exactAccuracy), "accuracy": .number(point.accuracy),
            ])
        }
        return .object([
            "folder": .text("runs/\(result.run.folderName)"),
            "seed": .unsigned(result.run.configuration.seed), "steps": .integer(result.run.steps),
            "flop": .number(
                result.run.cost.operations(of: result.run.steps, outOf: result.run.steps)),
            "state": .text(state), "reason": reason.map { .text($0) } ?? .null,
            "puzzles": .integer(result.puzzles), "evaluations": .list(points),
        ])
    }
}

// MARK: - Figure

extension SweepText {
    /// Exact accuracy over operations: means of the seeds, and dotted the lowest and the highest.
    func chart(of results: [SweepResult]) -> LineChart {
        let colors = ChartPalette.colors.count
        let series = file.experiments.enumerated().flatMap { index, experiment in
            let own = self.results(results, of: index).map(\.points).filter { !$0.isEmpty }
            let spreads = (own.first ?? []).compactMap { point -> (Double, SeedSpread)? in
                let values = own.compactMap { points in
                    points.first { $0.operations == point.operations }?.exactAccuracy
                }
                guard values.count == own.count else { return nil }
                return SeedSpread(values).map { (point.operations, $0) }
            }
            func curve(
                _ name: String, color: Int, _ value: (SeedSpread) -> Double
            ) -> LineChart.Series {
                LineChart.Series(
                    name: name, points: spreads.map { .init(x: $0.0, y: 100 * value($0.1)) },
                    color: color)
            }
            let mean = curve(experiment.name, color: index) { $0.mean }
            // The last of the palette's kinds of line is the dotted one.
            let dotted = index % colors + 2 * colors
            return own.count < 2
                ? [mean]
                : [
                    curve("", color: dotted) { $0.lowest }, curve("", color: dotted) { $0.highest },
                    mean,
                ]
        }
        return LineChart(
            title: "Exact accuracy in percent",
            subtitle: "\(file.dataPath), \(seeds); dotted: lowest and highest seed",
            xLabel: "FLOP of training", series: series, hasLogarithmicX: true)
    }
}
