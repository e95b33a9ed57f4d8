public import ArgumentParser
import Foundation
public import HRMInference
import HRMModel
import HRMTensor
public import HRMTraining
import Synchronization

extension ActivationPrecision: ExpressibleByArgument {}
extension WeightFormat: ExpressibleByArgument {}
extension Preset: ExpressibleByArgument {}

/// The option for the number of threads.
struct WorkerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Number of threads, of each process if there are several; by default one for each "
                + "available processor. A training run "
                + "with the same number of threads and seed gives the same result, bit for bit.",
            valueName: "n"))
    var workers: Int?

    func validate() throws {
        try workers?.require(in: 1...RunDescription.mostWorkers, "--workers")
    }

    /// The requested threads; `nil` if the option is not given.
    var chosen: Workers? { workers.map { Workers(count: $0) } }

    /// The threads; reports once if the system provides fewer.
    var threads: Workers {
        let workers = chosen ?? ProcessJob.defaultWorkers ?? .available
        if !workers.haveThreads, !Self.isTold.exchange(true, ordering: .relaxed) {
            Console.tell(
                "The system lets this process have no more threads: what \(workers.count) workers "
                    + "would do together is done in turn, to the same result; raise the limit of "
                    + "processes ('ulimit -u'), or use --workers 1")
        }
        return workers
    }

    private static let isTold = Atomic<Bool>(false)
}

/// The options that select a model and its computation.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A run folder of 'hrm train', whose weight average is used if there is one "
                + "(model_ema.safetensors, otherwise model.safetensors); a weights file; or the "
                + "name of a model that comes with hrm ('hrm models').",
            valueName: "path"))
    var checkpoint: String
    @OptionGroup var precision: PrecisionOptions

    /// Loads the model.
    ///
    /// - Throws: An error with the file.
    func load() throws -> ModelFile { try precision.load(checkpoint) }
}

/// The option for the precision of a model's computation.
struct PrecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Number format of the activations; by default that of the training.",
            valueName: "format"))
    var precision: ActivationPrecision?

    /// Loads a model.
    ///
    /// - Parameter name: A model included with the program; otherwise a run folder or a file.
    /// - Returns: The model.
    /// - Throws: An error with the file.
    func load(_ name: String) throws -> ModelFile {
        try load(try ShippedModelName.url(name) ?? URL(fileURLWithPath: name))
    }

    private func load(_ url: URL) throws -> ModelFile {
        do {
            let file = try ModelFile(contentsOf: url, precision: precision)
            for note in file.notes { Console.tell(note) }
            return file
        } catch {
            throw CommandError(error, in: url)
        }
    }
}

extension Int {
    /// Checks the range of a number on the command line.
    ///
    /// - Parameters:
    ///   - range: The valid range.
    ///   - option: The option, as the user writes it.
    /// - Throws: A usage error with the option and the range.
    func require(in range: ClosedRange<Int>, _ option: String) throws {
        guard range.contains(self) else {
            throw ValidationError(
                "\(option) is \(self); use a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }
}
