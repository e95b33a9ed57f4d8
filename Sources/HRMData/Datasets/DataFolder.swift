import Foundation
import HRMFiles

/// Why a folder does not have the split of a data set that is looked for in it.
public enum MissingSplit: Equatable, Sendable {
    /// There is no such folder.
    case folder
    /// There is a file in its place.
    case isFile
    /// No folder in it is a split.
    case allSplits
    /// It is a split itself.
    case isSplit(parent: String)
    /// It has other splits.
    case others([String])
}

extension MissingSplit {
    /// A sentence about the folder: what it lacks, and what to do.
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

/// The splits in a data folder, as far as names of files tell.
enum DataFolder {
    /// The names of the folders that hold a split, `train` and `test` first.
    ///
    /// - Throws: ``DatasetError`` when there are none, or the folder cannot be looked into.
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

    /// Refuses a folder that does not have a split.
    ///
    /// - Throws: ``DatasetError`` that says what there is instead.
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
