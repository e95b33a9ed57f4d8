import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

/// The text of a reasoning analysis.
struct ExplanationText {
    let report: ReasoningAnalysis.Report

    /// All tables with their headings.
    var text: String {
        let halted = NumberText.percent(report.share(report.solvedAtHalt))
        return """
            \(report.count.grouped("puzzle")), \(report.steps.count.counted("thinking step")) each

            After each step
            \(steps.text)accuracy: share of right cells; exact: of puzzles without a wrong one;
            entropy: mean over the cells, in nats; moves: how far a state moved within the
            step, relative to its length; sure: mean confidence; ECE: its expected
            calibration error.
            \(updates.map { "\nHow far each update moves its state, mean over the puzzles\n\($0.text)" } ?? "")
            Halting (rule: \(report.halting)) by difficulty (\(report.difficulty))
            \(halting.text)Halting so would take \
            \(NumberText.fixed(report.meanHaltingStep, digits: 2)) steps a puzzle and have \(halted) \
            right.

            Confidence against being right, over the answers after every step
            \(calibration.text)ECE \(NumberText.fixed(report.calibration.expectedError, digits: 4)), \
            Brier score \(NumberText.fixed(report.calibration.brierScore, digits: 4))

            """
    }

    private var steps: Table {
        var table = Table(
            columns: [
                "step", "accuracy", "exact", "changed", "entropy", "z_H moves", "z_L moves", "sure",
                "ECE",
            ].map { .init($0, .right) })
        for step in report.steps {
            func fixed(_ value: Double) -> String { NumberText.fixed(value, digits: 4) }
            table.append([
                "\(step.step)", fixed(step.accuracy),
                fixed(step.mean(Double(step.solved))),
                NumberText.fixed(step.mean(Double(step.changed)), digits: 1),
                fixed(step.mean(step.entropy)), fixed(step.mean(step.highChange)),
                step.lowChange.map { fixed(step.mean($0)) } ?? NumberText.missing,
                NumberText.percent(step.meanConfidence), fixed(step.calibration.expectedError),
            ])
        }
        return table
    }

    /// A table with one row for each update of a step; `nil` if a step is one update.
    private var updates: Table? {
        guard let first = report.steps.first, first.updates.count > 1 else { return nil }
        let names = ExplanationText.names(of: first.updates)
        var table = Table(
            columns: [.init("step", .right)] + names.map { .init($0, .right) })
        for step in report.steps {
            table.append(
                ["\(step.step)"]
                    + step.updates.map { NumberText.fixed(step.mean($0.change), digits: 3) })
        }
        return table
    }

    /// Returns the names of a step's updates: "L 2.1" is the first low-level update of the second
    /// cycle, "H 2" the high-level update that ends it.
    static func names(of updates: [ReasoningAnalysis.Update]) -> [String] {
        var (cycle, number) = (1, 0)
        return updates.map { update in
            number += 1
            guard update.loop == .slow else { return "L \(cycle).\(number)" }
            defer { (cycle, number) = (cycle + 1, 0) }
            return "H \(cycle)"
        }
    }

    /// A table of difficulties by steps; a cell is the number of puzzles that halt there.
    private var halting: Table {
        var table = Table(
            columns: [
                .init(report.difficulty, .right), .init("puzzles", .right), .init("exact", .right),
            ] + report.steps.map { .init("\($0.step)", .right) } + [.init("never", .right)])
        for band in report.bands() {
            let tally = band.tally
            func text(_ count: Int) -> String { count == 0 ? "." : NumberText.grouped(count) }
            table.append(
                [
                    Self.name(of: band), NumberText.grouped(tally.count),
                    NumberText.percent(Double(tally.solved) / Double(tally.count)),
                ] + tally.halted.map(text) + [text(tally.unhalted)])
        }
        return table
    }

    /// Returns a name such as "40" or "41 to 45".
    static func name(of band: ReasoningAnalysis.DifficultyBand) -> String {
        let (least, most) = (band.range.lowerBound, band.range.upperBound)
        return least == most ? "\(least)" : "\(least) to \(most)"
    }

    private var calibration: Table {
        var table = Table(columns: [
            .init("confidence"), .init("answers", .right), .init("mean", .right),
            .init("right", .right), .init("95 % interval"),
        ])
        for bin in report.calibration.bins where bin.count > 0 {
            let interval = bin.accuracyInterval
            table.append([
                "\(NumberText.fixed(bin.lower, digits: 1)) to \(NumberText.fixed(bin.upper, digits: 1))",
                NumberText.grouped(bin.count), NumberText.percent(bin.meanConfidence ?? .nan),
                NumberText.percent(bin.accuracy ?? .nan),
                "\(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))",
            ])
        }
        return table
    }
}
