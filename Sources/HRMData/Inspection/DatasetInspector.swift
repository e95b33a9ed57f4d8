package import Foundation
import HRMFiles

/// Reads a data folder that may be damaged, and finds all violations of the format.
///
/// Unlike ``PuzzleDataset``, it continues after the first problem. Tokens are read in chunks, so
/// memory use does not grow with the size of the files.
package struct DatasetInspector {
    private let folder: URL
    private let choice: ExampleChoice
    private var violations: [DatasetViolation] = []

    /// Inspects a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder that contains the splits.
    ///   - choice: The selection of examples to show.
    /// - Returns: The content of the folder, and its violations.
    /// - Throws: ``DatasetError`` if it is not a data folder.
    package static func inspect(
        _ folder: URL, showing choice: ExampleChoice
    ) throws(DatasetError) -> DatasetInspection {
        var inspector = DatasetInspector(folder: folder, choice: choice)
        return try inspector.run()
    }

    private init(folder: URL, choice: ExampleChoice) {
        self.folder = folder
        self.choice = choice
    }

    private mutating func run() throws(DatasetError) -> DatasetInspection {
        let names = try DataFolder.splits(in: folder)
        let identifiers = readIdentifiers()
        var splits: [SplitInspection] = []
        var seen = SeenInputs()
        for name in names {
            var inspector = SplitInspector(
                folder: folder, name: name, identifiers: identifiers,
                choice: name == choice.split ?? names[0] ? choice : nil)
            let split = inspector.run(seen: &seen, isFirst: splits.isEmpty)
            violations += inspector.violations
            checkSizes(of: split, against: splits.first)
            splits.append(split)
        }
        let task = readTask(fitting: splits.compactMap(\.metadata).first)
        for index in splits.indices { scanSudokus(&splits[index], task: task) }
        return DatasetInspection(
            splits: splits, nameCount: identifiers?.count, task: task, violations: violations)
    }

    private mutating func readTask(fitting metadata: DatasetMetadata?) -> PuzzleTask? {
        guard let metadata else { return nil }
        do throws(DatasetError) {
            return try PuzzleTask(folder: folder, metadata: metadata)
        } catch {
            violations.append(DatasetViolation(error))
            return nil
        }
    }

    /// Checks the questions of a split of Sudokus; without a description, the task is derived from
    /// the sizes.
    private mutating func scanSudokus(_ split: inout SplitInspection, task: PuzzleTask?) {
        let task =
            task
            ?? split.metadata.flatMap {
                PuzzleTask(vocabularySize: $0.vocabularySize, sequenceLength: $0.sequenceLength)
            }
        guard case .sudoku(let geometry)? = task else { return }
        let location = DatasetLocation(splitFolder: folder.appendingPathComponent(split.name))
        for index in split.sets.indices {
            let file = PuzzleArrays.File.inputs.name(inSet: split.sets[index].name)
            var scan = SudokuScan(geometry)
            scan.run(location.url(file), path: location.path(file))
            split.sets[index].survey = scan.survey
            if let violation = scan.violation { violations.append(violation) }
        }
    }

    private mutating func readIdentifiers() -> [String]? {
        let url = folder.appendingPathComponent("identifiers.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do throws(DatasetError) {
            return try DatasetFiles.decode([String].self, from: url, atMost: 1 << 30)
        } catch {
            violations.append(DatasetViolation(error))
            return nil
        }
    }

    /// Checks that the split has the first split's sizes, as a model for both requires.
    private mutating func checkSizes(of split: SplitInspection, against first: SplitInspection?) {
        guard let first, let metadata = split.metadata, let other = first.metadata else { return }
        let path = folder.appendingPathComponent("\(split.name)/dataset.json").path
        for (key, value, wanted) in [
            ("seq_len", metadata.sequenceLength, other.sequenceLength),
            ("vocab_size", metadata.vocabularySize, other.vocabularySize),
            (
                "num_puzzle_identifiers", metadata.puzzleIdentifierCount,
                other.puzzleIdentifierCount
            ),
        ] where value != wanted {
            violations.append(
                .init(
                    .invalidMetadata(
                        path: path, key: key, value: String(value),
                        requirement: "must be \(wanted), as in '\(first.name)'")))
        }
    }
}

/// The inputs of the first split, as hashes of their tokens.
struct SeenInputs {
    private var hashes: Set<UInt64> = []

    /// Returns the FNV-1a hash of one example's tokens.
    static func hash(_ tokens: CompactIntegers, _ cells: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for cell in cells {
            hash = (hash ^ UInt64(truncatingIfNeeded: tokens[cell])) &* 0x100_0000_01B3
        }
        return hash
    }

    mutating func insert(_ hash: UInt64) { hashes.insert(hash) }

    func contains(_ hash: UInt64) -> Bool { hashes.contains(hash) }
}
