import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTraining

/// The command `hrm plot`.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Plot the metrics of one or several runs.",
        discussion: """
            Without an output file, the curves are drawn on the terminal. By default loss and \
            exact accuracy are drawn. A run may also be a TensorBoard event file, written by any \
            program, or a file of JSON lines.

              hrm plot runs/first runs/second --svg curves.svg
              hrm plot runs/first --metric train/lm_loss --log --smooth 500
              hrm plot runs/first runs/second --html curves.html
            """)

    @Argument(help: ArgumentHelp("Run folders.", valueName: "run"))
    var runs: [String]
    @Option(
        name: .customLong("metric"), parsing: .singleValue,
        help: ArgumentHelp("Draw this metric; can be repeated.", valueName: "name"))
    var metrics: [String] = []
    @Option(
        help: ArgumentHelp(
            "Draw means over at least n steps; by default a hundredth of the run if there are "
                + "many values.",
            valueName: "n"))
    var smooth: Int?
    @Flag(help: "Make the vertical axes logarithmic.")
    var log = false
    @Option(help: ArgumentHelp("Draw into an SVG file.", valueName: "file"))
    var svg: String?
    @Option(help: ArgumentHelp("Draw into a PNG file.", valueName: "file"))
    var png: String?
    @Option(
        help: ArgumentHelp(
            "Write a page with all curves into one file, which any browser shows without a server.",
            valueName: "file"))
    var html: String?

    func validate() throws {
        try smooth?.require(in: 1...1_000_000_000, "--smooth")
        guard !runs.isEmpty else { throw ValidationError("name at least one run") }
    }

    func run() throws {
        let runs = try PlottedRun.read(runs)
        for run in runs where run.history.isTruncated {
            Console.tell("\(run.name) breaks off; what is there is drawn")
        }
        let charts = MetricCharts(runs: runs, smooth: smooth, isLogarithmic: log)
        let sheet = try charts.sheet(of: metrics)
        if let svg { try AtomicFile.write(Data(sheet.svg.utf8), to: URL(fileURLWithPath: svg)) }
        if let png { try AtomicFile.write(Data(sheet.png), to: URL(fileURLWithPath: png)) }
        if let html {
            let curves = try PlottedRun.read(self.runs, pointLimit: RunPage.mostPoints)
            try RunPage.write(curves, to: URL(fileURLWithPath: html))
        }
        guard svg == nil, png == nil, html == nil else { return }
        try Console.print(
            sheet.text(width: Console.width, color: Console.hasColor), terminator: "")
    }
}
