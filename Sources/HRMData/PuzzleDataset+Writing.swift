public import Foundation
import HRMFiles

extension PuzzleDataset {
    /// Writes the split as `folder/split`, `folder/identifiers.json` if there are names, and
    /// `folder/task.json` if vocabulary and length do not tell which puzzle it is.
    ///
    /// The split's folder appears complete or not at all: it is written under a temporary name and
    /// renamed. A data set that was read is written with the same bytes.
    ///
    /// - Throws: ``DatasetError``, among them when the split's folder exists, or `identifiers.json`
    ///   exists and has other names.
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

    /// Whether the folder has a `task.json` for the same puzzle already; refuses another one.
    private func taskIsPresent(in folder: URL) throws(DatasetError) -> Bool {
        guard let present = try PuzzleTask(folder: folder, metadata: metadata) else { return false }
        guard present == task else {
            throw .outputExists(path: folder.appendingPathComponent(PuzzleTask.fileName).path)
        }
        return true
    }

    /// Whether the folder has the same `identifiers.json` already; refuses another one.
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
    /// Refuses element types in which some value would not survive.
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
