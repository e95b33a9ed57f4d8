public import Foundation
import HRMFiles

extension PuzzleDataset {
    /// Writes the split as `folder/split`, with `folder/identifiers.json` and `folder/task.json` as
    /// needed.
    ///
    /// `identifiers.json` is written if there are names, `task.json` if vocabulary and sequence
    /// length do not determine the task. The split's folder appears complete or not at all: it is
    /// written under a temporary name and renamed. A data set read from files is written back byte
    /// for byte.
    ///
    /// - Throws: ``DatasetError``, for example if the split's folder exists, or if
    ///   `identifiers.json` exists with other names.
    public func write(folder: URL, split: String) throws(DatasetError) {
        for set in sets { try set.checkTypesHoldValues() }
        let hasNames = try namesArePresent(in: folder)
        let hasTask = try taskIsPresent(in: folder)
        try AtomicFolder.create(folder.appendingPathComponent(split), failure: DatasetError.init) {
            (temporary) throws(DatasetError) in
            do throws(NPYError) {
                for set in sets {
                    try set.write(into: temporary, sequenceLength: metadata.sequenceLength)
                }
            } catch {
                throw .array(error)
            }
            try DatasetFiles.write(
                metadata.jsonText, to: temporary.appendingPathComponent("dataset.json"))
            if let identifiers, !hasNames {
                try DatasetFiles.write(
                    PythonJSON.text(identifiers),
                    to: folder.appendingPathComponent("identifiers.json"))
            }
            if let task, task != recognisedTask, !hasTask { try task.write(into: folder) }
        }
    }

    private var recognisedTask: PuzzleTask? {
        PuzzleTask(
            vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength)
    }

    /// Returns true if the folder already has a `task.json` for the same task; throws if it
    /// differs.
    private func taskIsPresent(in folder: URL) throws(DatasetError) -> Bool {
        guard let present = try PuzzleTask(folder: folder, metadata: metadata) else { return false }
        guard present == task else {
            throw .outputExists(path: folder.appendingPathComponent(PuzzleTask.fileName).path)
        }
        return true
    }

    /// Returns true if the folder already has the same `identifiers.json`; throws if it differs.
    private func namesArePresent(in folder: URL) throws(DatasetError) -> Bool {
        let url = folder.appendingPathComponent("identifiers.json")
        guard let identifiers, FileManager.default.fileExists(atPath: url.path) else {
            return false
        }
        let present = try DatasetFiles.decode([String].self, from: url, atMost: 1 << 30)
        guard present == identifiers else { throw .outputExists(path: url.path) }
        return true
    }
}

extension PuzzleArrays {
    /// Checks that the element types can represent all values.
    fileprivate func checkTypesHoldValues() throws(DatasetError) {
        for (file, values, type) in [
            (File.inputs, inputs, elementTypes.inputs), (.labels, labels, elementTypes.labels),
        ] {
            let largest: Int32 =
                switch type {
                case .bool: 1
                case .uint8: 255
                case .int32, .int64: .max
                }
            guard largest < .max, values.firstIndex(outside: 0..<(largest + 1)) != nil else {
                continue
            }
            throw .wrongElementType(
                path: file.name(inSet: name), found: type, allowed: [.int32, .int64])
        }
    }
}
