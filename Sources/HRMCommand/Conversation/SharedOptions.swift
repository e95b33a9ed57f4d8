public import ArgumentParser
import Foundation
import HRMPretrained
public import HRMTensor
public import HRMTraining

extension Precision: ExpressibleByArgument {}
extension Preset: ExpressibleByArgument {}

/// How many threads compute.
struct WorkerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threads; as many as there are processors unless given. With the seed, their number "
                + "decides every bit of the result.",
            valueName: "n"))
    var workers: Int?

    func validate() throws {
        try workers?.require(in: 1...1024, "--workers")
    }

    /// The threads that were asked for; nil when none were.
    var chosen: Workers? { workers.map { Workers(count: $0) } }

    /// The threads.
    var threads: Workers { chosen ?? .available }
}

/// Which model is used, and how.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A run folder that 'hrm train' wrote, a model.safetensors file from one, or the name of "
                + "a model that comes with hrm ('hrm models').",
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
    /// - Parameter name: A run folder, a file, or else a model that comes with the program.
    /// - Returns: The model.
    /// - Throws: An error that names the file.
    func load(_ name: String) throws -> ModelFile {
        try load(PretrainedModel(named: name)?.url() ?? URL(fileURLWithPath: name))
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

extension PretrainedModel {
    /// The model that a name on the command line means; nil when there is a file of that name, or no
    /// such model.
    init?(named name: String) {
        guard !FileManager.default.fileExists(atPath: name) else { return nil }
        self.init(rawValue: name)
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
