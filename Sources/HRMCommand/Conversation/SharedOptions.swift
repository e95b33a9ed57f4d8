public import ArgumentParser
import Foundation
public import HRMTensor
public import HRMTraining
import Synchronization

extension Precision: ExpressibleByArgument {}
extension Preset: ExpressibleByArgument {}

/// How many threads compute.
struct WorkerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threads; as many as there are processors that the process may use unless given. In "
                + "a training, their number and the seed decide every bit of the result.",
            valueName: "n"))
    var workers: Int?

    func validate() throws {
        try workers?.require(in: 1...RunDescription.mostWorkers, "--workers")
    }

    /// The threads that were asked for; nil when none were.
    var chosen: Workers? { workers.map { Workers(count: $0) } }

    /// The threads; says so once if the system does not let the process have them.
    var threads: Workers {
        let workers = chosen ?? .available
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

/// Which model is used, and how.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A run folder that 'hrm train' wrote, of which the average of the weights is taken where "
                + "there is one (model_ema.safetensors, else model.safetensors); a file of one, taken "
                + "as it is; or the name of a model that comes with hrm ('hrm models').",
            valueName: "path"))
    var checkpoint: String
    @OptionGroup var precision: PrecisionOptions

    /// Reads the model.
    ///
    /// - Throws: An error that names the file.
    func load() throws -> ModelFile { try precision.load(checkpoint) }
}

/// How a model computes.
struct PrecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Number format of the activations; the one of the training unless given.",
            valueName: "format"))
    var precision: Precision?

    /// Reads a model.
    ///
    /// - Parameter name: A model that comes with the program, or else a run folder or a file.
    /// - Returns: The model.
    /// - Throws: An error that names the file.
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
    /// Refuses a number on the command line.
    ///
    /// - Parameters:
    ///   - range: What fits.
    ///   - option: The option, as the user writes it.
    /// - Throws: A usage error that names the option and the range.
    func require(in range: ClosedRange<Int>, _ option: String) throws {
        guard range.contains(self) else {
            throw ValidationError(
                "\(option) is \(self); use a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }
}
