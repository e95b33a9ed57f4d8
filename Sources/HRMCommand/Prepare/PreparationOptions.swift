import ArgumentParser
import Foundation
import HRMData
import HRMTensor
import HRMTraining

/// The options common to all data sets: an output folder and a seed.
struct PreparationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
    var output: String
    @Option(help: "Seed of every random choice; equal seeds give equal data sets.")
    var seed: UInt64 = 0

    /// Returns the folder to write; from then on, a signal that ends the process leaves nothing of
    /// it.
    ///
    /// - Throws: ``DatasetError/outputExists(path:)``, checked here before minutes of work and
    ///   again when the folder is created.
    func folder() throws -> URL {
        let folder = URL(fileURLWithPath: output)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw DatasetError.outputExists(path: folder.path)
        }
        PreparationInterruption.listen()
        return folder
    }

    /// The random number generator for the puzzles.
    var generator: SeededGenerator { SeededGenerator(seed: seed, stream: RandomStream.puzzles) }
}
