import Foundation
import HRMFiles

/// The reason a folder does not contain the requested split of a data set.
public enum MissingSplit: Equatable, Sendable {
    /// The folder does not exist.
    case folder
    /// The path is a file.
    case isFile
    /// The folder contains no split.
    case allSplits
    /// The folder is itself a split.
    case isSplit(parent: String)
    /// The folder contains other splits.
    case others([String])
}

extension MissingSplit {
    /// Returns a sentence that states what the folder lacks, and the remedy.
    func explanation(path: String, split: String?) -> String {
        let making =
            "'hrm prepare' makes data folders, such as 'hrm prepare sudoku --generate 1000 "
            + "--test-size 200 --size 4 --output data'"
        let example = split ?? "train"
        return switch self {
        case .folder: "there is no folder \(path); name a data folder: \(making)"
        case .isFile: "\(path) is a file and no data folder; \(making)"
        case .allSplits:
            "\(path) is no data folder: no folder in it, such as '\(example)', has a dataset.json; "
                + making
        case .isSplit(let parent):
            "\(path) is no data folder but a split of one; name \(parent.printable)"
        case .others(let names):
            "\(path) has no split '\(example)'; it has "
                + names.map { "'\($0.printable)'" }.joined(separator: ", ")
        }
    }
}

/// The splits in a data folder, recognized by file names.
enum DataFolder {
    /// Returns the names of the folders that contain a split, `train` and `test` first.
    ///
    /// - Throws: ``DatasetError`` if there are none, or the folder cannot be read.
    static func splits(in folder: URL) throws(DatasetError) -> [String] {
        let names = try entries(of: folder)
        let splits = names.filter { name in
            !name.hasPrefix(".") && isSplit(folder.appendingPathComponent(name))
        }
        guard !splits.isEmpty else {
            let parent = folder.standardizedFileURL.deletingLastPathComponent().path
            throw .missingSplit(
                path: folder.path, split: nil,
                isSplit(folder) ? .isSplit(parent: parent) : .allSplits)
        }
        let usual = ["train", "test"]
        return usual.filter(splits.contains) + splits.filter { !usual.contains($0) }.sorted()
    }

    /// Refuses a folder that does not contain a split.
    ///
    /// - Throws: ``DatasetError`` that states what the folder contains instead.
    static func require(_ split: String, in folder: URL) throws(DatasetError) {
        let wanted = folder.appendingPathComponent(split)
        guard !isSplit(wanted) else { return }
        if (try? FileManager.default.attributesOfItem(atPath: wanted.path)[.type])
            as? FileAttributeType == .typeDirectory
        {
            do {
                _ = try FileManager.default.contentsOfDirectory(atPath: wanted.path)
            } catch {
                throw .unreadable(path: wanted.path, reason: FileProblem(error).reason)
            }
        }
        let others: [String]
        do throws(DatasetError) {
            others = try splits(in: folder)
        } catch .missingSplit(let path, _, let problem) {
            throw .missingSplit(path: path, split: split, problem)
        }
        throw .missingSplit(path: folder.path, split: split, .others(others))
    }

    private static func isSplit(_ folder: URL) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).contains { $0 == "dataset.json" || $0.hasSuffix("__inputs.npy") }
    }

    private static func entries(of folder: URL) throws(DatasetError) -> [String] {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
            throw .missingSplit(path: folder.path, split: nil, .folder)
        }
        guard isFolder.boolValue else {
            throw .missingSplit(path: folder.path, split: nil, .isFile)
        }
        do {
            return try files.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw .unreadable(path: folder.path, reason: FileProblem(error).reason)
        }
    }
}
