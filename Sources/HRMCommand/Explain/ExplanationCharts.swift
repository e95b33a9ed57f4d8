import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

/// The figures of a reasoning analysis.
struct ExplanationCharts {
    private typealias Point = LineChart.Point

    let report: ReasoningAnalysis.Report

    /// All figures.
    var sheet: FigureSheet {
        FigureSheet([
            .charts(ChartSheet(charts: [accuracy, movements, updates].compactMap(\.self))),
            .pictures(PictureSheet(rows: haltingStrips)),
            .charts(ChartSheet(charts: [byDifficulty, calibration])),
        ])
    }

    private func points(_ value: (ReasoningAnalysis.Step) -> Double) -> [Point] {
        report.steps.map { Point(x: Double($0.step), y: value($0)) }
    }

    private var accuracy: LineChart {
        LineChart(
            title: "What is right after each step",
            subtitle: report.count.grouped("puzzle"), xLabel: "steps",
            series: [
                .init(
                    name: "cells that are right", points: points { $0.accuracy }, color: 2),
                .init(
                    name: "puzzles without any wrong cell",
                    points: points { $0.mean(Double($0.solved)) }, color: 0),
                .init(name: "mean confidence", points: points(\.meanConfidence), color: 1),
            ])
    }

    private var movements: LineChart {
        let fast = report.steps.compactMap { step in
            step.lowChange.map { Point(x: Double(step.step), y: step.mean($0)) }
        }
        return LineChart(
            title: "How far the states move within each step",
            subtitle: "|z' - z| / |z'|, mean over the puzzles", xLabel: "steps",
            series: [
                .init(name: "z_L, the fast state", points: fast, color: 1),
                .init(
                    name: "z_H, the slow state", points: points { $0.mean($0.highChange) }, color: 0
                ),
            ].filter { !$0.points.isEmpty }, isLogarithmic: true)
    }

    /// A chart of the two loops within the steps; `nil` if a step is one update.
    private var updates: LineChart? {
        guard let perStep = report.steps.first?.updates.count, perStep > 1 else { return nil }
        func curve(_ loop: ThinkingTrace.Loop) -> [Point] {
            report.steps.enumerated().flatMap { index, step in
                step.updates.enumerated().filter { $1.loop == loop }.map { place, update in
                    Point(x: Double(index * perStep + place + 1), y: step.mean(update.change))
                }
            }
        }
        return LineChart(
            title: "How far each update moves its state",
            subtitle:
                "\(perStep.counted("update makes", "updates make")) a step; mean over the puzzles",
            xLabel: "updates",
            series: [
                .init(name: "z_L, the fast loop", points: curve(.fast), color: 1),
                .init(name: "z_H, the slow loop", points: curve(.slow), color: 0),
            ], isLogarithmic: true)
    }

    /// A strip for each band of difficulty, with a cell for each step and one for puzzles that
    /// never halt.
    ///
    /// Cells are darker the larger the share of the band's puzzles that halt there.
    private var haltingStrips: [[PictureSheet.Panel]] {
        let plain = HeatScale.color(0)
        let head = report.steps.map { "\($0.step)" } + ["-"]
        let first = PictureSheet.Panel(
            "Step at which the rule '\(report.halting)' ends puzzles, in % (-: never)",
            GridPicture(
                rows: 1, columns: head.count, cells: head.map { .init($0, fill: plain) }))
        let strips = report.bands().map { band in
            let tally = band.tally
            let cells = (tally.halted + [tally.unhalted]).map { count in
                let share = Double(count) / Double(tally.count)
                return GridPicture.Cell(
                    count == 0 ? "" : "\(Int((share * 100).rounded()))",
                    fill: HeatScale.color(share))
            }
            return PictureSheet.Panel(
                "\(report.difficulty) \(ExplanationText.name(of: band)): "
                    + tally.count.grouped("puzzle"),
                GridPicture(rows: 1, columns: cells.count, cells: cells))
        }
        return ([first] + strips).map { [$0] }
    }

    private var byDifficulty: LineChart {
        let bands = report.bands()
        func points(_ value: (ReasoningAnalysis.DifficultyTally) -> Double) -> [Point] {
            bands.map { band in
                Point(
                    x: Double(band.range.lowerBound + band.range.upperBound) / 2,
                    y: value(band.tally) / Double(band.tally.count))
            }
        }
        return LineChart(
            title: "StepOutput and success by difficulty",
            subtitle: "bands of about equally many puzzles, drawn at their middle",
            xLabel: report.difficulty,
            series: [
                .init(
                    name: "puzzles without any wrong cell", points: points { Double($0.solved) },
                    color: 0),
                .init(
                    name: "steps until the rule '\(report.halting)' halts, as a share of all",
                    points: points { Double($0.stepTotal) / Double(report.steps.count) }, color: 1),
            ])
    }

    private var calibration: LineChart {
        let calibration = report.calibration
        let error = NumberText.fixed(calibration.expectedError, digits: 4)
        return LineChart(
            title: "Does the model know how sure it may be?",
            subtitle: "answers after every step, in tenths of confidence; ECE \(error)",
            xLabel: "confidence in %",
            series: [
                .init(
                    name: "a model that knows it exactly",
                    points: [.init(x: 0, y: 0), .init(x: 100, y: 100)], color: 4),
                .init(
                    name: "this model: how often it is right, in %",
                    points: calibration.bins.compactMap { bin in
                        guard let mean = bin.meanConfidence, let right = bin.accuracy else {
                            return nil
                        }
                        return Point(x: mean * 100, y: right * 100)
                    }, color: 0),
            ])
    }
}
