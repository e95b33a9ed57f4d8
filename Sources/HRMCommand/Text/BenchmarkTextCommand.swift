import ArgumentParser
import Foundation
import HRMFigures
import HRMFiles
import HRMTensor
import HRMText
import HRMTraining

extension RandomTextModel.Size: ExpressibleByArgument {}

/// The command `hrm benchmark-text`.
struct BenchmarkTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-text",
        abstract: "Measure the speed and memory of a text model on this machine.",
        discussion: """
            Measures the time of a prompt and of the steps after it, and between them the speed of \
            reading memory and a loop of multiply-add instructions at the processor's peak: \
            decoding is limited by memory, prompts by arithmetic. Operations are the products' \
            2·rows·columns and 4·T²·A·D of each attention; bytes are the weights' of each pass, \
            and the keys and values.

            With --create the folder is made first, with random weights: 'large' has the extents \
            of HRM-Text-1B (2.4 GB), 'middle' 0.16 G parameters.
            """)

    /// The clock of the measurements.
    enum Clock: String, ExpressibleByArgument, CaseIterable {
        case wall, cpu
    }

    @Option(help: ArgumentHelp("The model's folder.", valueName: "folder"))
    var model: String
    @Option(
        help: ArgumentHelp(
            "Create the folder with random weights: large, middle or tiny.", valueName: "size"))
    var create: RandomTextModel.Size?
    @Option(help: ArgumentHelp("The weights in memory: stored or int8.", valueName: "format"))
    var weights = TextModelOptions.Weights.stored
    @Option(help: ArgumentHelp("Number format of the computation.", valueName: "format"))
    var precision = TextModelOptions.Arithmetic.automatic
    @Option(help: ArgumentHelp("Tokens of the prompt.", valueName: "n"))
    var prompt = 512
    @Option(help: ArgumentHelp("Decoded tokens.", valueName: "n"))
    var tokens = 16
    @Option(help: ArgumentHelp("Sequences at the same time.", valueName: "n"))
    var batch = 1
    @Option(
        help: ArgumentHelp(
            "Repetitions, of which the fastest counts; 0 only creates.",
            valueName: "n"))
    var rounds = 3
    @Option(
        help: ArgumentHelp(
            "wall, or cpu: the processor time of this process, which does not count the pauses in "
                + "which other processes run; with one worker.",
            valueName: "clock"))
    var clock = Clock.wall
    @OptionGroup var workers: WorkerOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try prompt.require(in: 1...TextGenerator.largestContext / 2, "--prompt")
        try tokens.require(in: 1...TextGenerator.largestContext / 2, "--tokens")
        try batch.require(in: 1...1024, "--batch")
        try rounds.require(in: 0...1000, "--rounds")
        if clock == .cpu, workers.workers != 1 {
            // The processor time of several workers includes their waiting for each other.
            throw ValidationError("--clock cpu needs --workers 1")
        }
    }

    func run() throws {
        let folder = URL(fileURLWithPath: model)
        if let create {
            guard !FileManager.default.fileExists(atPath: folder.path) else {
                throw CommandError("\(model) exists already; remove it, or leave out --create")
            }
            try RandomTextModel.write(create, to: folder, seed: 0)
        }
        guard rounds > 0 else { return }
        let start = ContinuousClock.now
        let loaded = try TextModel.load(
            folder: folder,
            options: TextModelOptions(
                weights: weights, arithmetic: precision, workers: workers.threads))
        let seconds = (ContinuousClock.now - start).seconds
        let plan = TextBenchmark.Plan(
            promptTokens: prompt, decodedTokens: tokens, rows: batch, rounds: rounds)
        let report = try TextBenchmark(model: loaded, plan: plan, seconds: time(of: clock))
            .run { ProcessMemory.peak }
        if json {
            try Console.print(try JSONValue.object(members(report, seconds)).line())
        } else {
            try Console.print(table(report, seconds).text, terminator: "")
        }
    }

    private func time(of clock: Clock) -> () -> Double {
        switch clock {
        case .cpu: { ProcessMemory.processorSeconds }
        case .wall:
            { [start = ContinuousClock.now] in (ContinuousClock.now - start).seconds }
        }
    }

    private func members(_ report: TextBenchmark.Report, _ seconds: Double) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "load_seconds": .number(seconds), "prompt_tokens": .integer(prompt),
            "batch": .integer(batch), "workers": .integer(workers.threads.count),
            "prefill_seconds": .number(report.prefillSeconds),
            "prefill_tokens_per_second": .number(Double(prompt) / report.prefillSeconds),
            "prefill_peak_share": .number(report.prefillShare),
            "step_seconds": .number(report.stepSeconds),
            "decode_tokens_per_second": .number(Double(batch) / report.stepSeconds),
            "decode_bandwidth_share": .number(report.decodeShare),
            "memory_gbytes_per_second": .number(report.memoryThroughput / 1e9),
            "peak_gflops": .number(report.peakThroughput / 1e9),
            "weight_bytes_per_token": .integer(report.weightBytes),
            "cache_bytes": .integer(report.cacheBytes * batch),
            "peak_rss_bytes": .integer(report.peakMemory),
        ]
        members["batch_gain"] = batchGain(report).map { .number($0) }
        return members
    }

    /// The throughput of the batch, divided by that of single sequences.
    private func batchGain(_ report: TextBenchmark.Report) -> Double? {
        report.singleStepSeconds.map { $0 * Double(batch) / report.stepSeconds }
    }

    private func table(_ report: TextBenchmark.Report, _ seconds: Double) -> Table {
        var table = Table(columns: [
            .init(""), .init("tokens/s", .right), .init("time", .right),
            .init("of the limit", .right),
        ])
        func time(_ seconds: Double) -> String { NumberText.duration(seconds: seconds) }
        table.append(["load", "", time(seconds), ""])
        table.append([
            "prompt of \(prompt)", NumberText.significant(Double(prompt) / report.prefillSeconds),
            time(report.prefillSeconds), NumberText.percent(report.prefillShare),
        ])
        table.append([
            "decode, batch \(batch)", NumberText.significant(Double(batch) / report.stepSeconds),
            time(report.stepSeconds), batch == 1 ? NumberText.percent(report.decodeShare) : "",
        ])
        if let gain = batchGain(report), let single = report.singleStepSeconds {
            table.append([
                "decode, batch 1", NumberText.significant(1 / single), time(single), "",
            ])
            table.append(["gain of the batch", "", NumberText.significant(gain), ""])
        }
        table.append([
            "reading memory", "",
            "\(NumberText.significant(report.memoryThroughput / 1e9)) GB/s", "",
        ])
        table.append([
            "peak loop", "", "\(NumberText.significant(report.peakThroughput / 1e9)) GFLOPS", "",
        ])
        table.append([
            "peak memory", "", "\(NumberText.grouped(report.peakMemory / 1_000_000)) MB", "",
        ])
        return table
    }
}
