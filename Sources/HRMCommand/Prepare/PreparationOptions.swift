import ArgumentParser
import Foundation
import HRMData
import HRMTensor
import HRMTraining

/// What all data sets need: a folder to be, and a seed.
struct PreparationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
    var output: String
    @Option(help: "Seed of every random choice; equal seeds give equal data sets.")
    var seed: UInt64 = 0

    /// The folder to write; from now on, a signal that ends the program leaves nothing of it.
    ///
    /// - Throws: ``DatasetError/outputExists(path:)``, which is said again when the folder is made;
    ///   here it is said before minutes of work.
    func folder() throws -> URL {
        let folder = URL(fileURLWithPath: output)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw DatasetError.outputExists(path: folder.path)
        }
        PreparationInterruption.listen()
        return folder
    }

    /// Draws whatever is drawn for the puzzles.
    var generator: SeededGenerator { SeededGenerator(seed: seed, stream: RandomStream.puzzles) }
}
