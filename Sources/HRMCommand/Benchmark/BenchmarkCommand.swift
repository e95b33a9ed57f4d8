import ArgumentParser
import Foundation
import HRMFigures
import HRMModel
import HRMTensor
import HRMTraining

/// The command `hrm benchmark`.
struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure the speed of inference and training on this machine.",
        discussion: """
            Runs segments of inference and whole training steps of a preset's model on random \
            puzzles, and immediately before and after each a loop of multiply-add instructions at \
            the processor's peak throughput; the ratio of the two speeds is the utilization of the \
            machine. Operations are counted from the shapes of the matrices: a block on a sequence \
            of T positions takes T·(2·(4D² + 3·D·I) + 4·T·D), or T·2·(3·D·I + 3·D·J) if weights \
            mix the positions; a segment runs N·(T_L + 1) modules; a training step takes one \
            segment, another one for the Q target if there is one, and, for the modules with \
            gradient, twice their products and 2.5 times their attention. Heads, embedding and \
            optimizer are not counted.
            """)

    @Option(help: ArgumentHelp("The preset of the settings and puzzle sizes.", valueName: "name"))
    var preset = Preset.sudokuExtreme
    @Option(help: ArgumentHelp("The number format of the activations.", valueName: "format"))
    var precision: ActivationPrecision?
    @Option(
        help: ArgumentHelp(
            "Puzzles in a batch (default: --set global_batch_size, otherwise 32).", valueName: "n"))
    var batch: Int?
    @Option(
        help: ArgumentHelp(
            "The duration of each measurement, inference and training, in seconds.",
            valueName: "s"))
    var seconds = 10.0
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Change one setting; can be repeated.", valueName: "key=value"))
    var settings: [String] = []
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var place: DeviceOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try SettingAssignments.require(settings)
        try batch?.require(in: 1...100_000, "--batch")
        guard seconds > 0 && seconds <= 86_400 else {
            throw ValidationError("--seconds is \(seconds); use a number above 0, at most 86400")
        }
    }

    func run() throws {
        var configuration = preset.configuration
        configuration.globalBatchSize = 32
        try SettingAssignments.apply(settings, to: &configuration)
        if let batch { configuration.globalBatchSize = batch }
        if let precision { configuration.architecture.forwardPrecision = precision }
        try configuration.validate(for: preset.dimensions)
        try configuration.requireMemory(for: preset.dimensions, workers: workers.threads.count)
        var benchmark = EngineBenchmark(
            configuration: configuration, dimensions: preset.dimensions, workers: workers.threads,
            duration: .seconds(seconds))
        benchmark.engines = try place.pluginEngines()
        let report = try benchmark.run { part in
            if !json {
                Console.tell("Measuring \(part) for \(NumberText.duration(seconds: seconds)) …")
            }
        }
        let text = BenchmarkText(
            report: report, configuration: configuration, workers: workers.threads,
            device: place.device)
        try Console.print(json ? text.json() : text.tables, terminator: json ? "\n" : "")
    }
}
