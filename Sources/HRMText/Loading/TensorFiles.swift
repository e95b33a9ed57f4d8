import Foundation
import HRMFiles
import HRMTensor

/// The tensors of a model's folder under their published names.
struct TensorFiles {
    /// A tensor in one of the files.
    private struct Place {
        var file: MappedTensors
        var name: String
    }

    /// The path that messages about missing tensors name.
    let path: String
    private var places: [String: Place] = [:]
    /// The names of tensors that no model needs, sorted.
    private(set) var idleNames: [String] = []

    private static let single = "model.safetensors"
    private static let index = "model.safetensors.index.json"
    private static let longestIndex = 1 << 26
    private static let mostShards = 4096

    /// Opens the tensors of a folder.
    init(_ folder: URL) throws(TextModelError) {
        let manager = FileManager.default
        let single = folder.appendingPathComponent(Self.single)
        let index = folder.appendingPathComponent(Self.index)
        if manager.fileExists(atPath: single.path) {
            path = single.path
            let file = try Self.open(single)
            for name in file.entries.keys.sorted() { try add(name, file) }
        } else if manager.fileExists(atPath: index.path) {
            path = index.path
            try readShards(index, folder)
        } else {
            throw .file(
                path: folder.path,
                reason: "it has neither \(Self.single) nor \(Self.index); "
                    + "export the checkpoint with save_pretrained first")
        }
    }

    private static func open(_ url: URL) throws(TextModelError) -> MappedTensors {
        do throws(SafetensorsError) {
            return try MappedTensors(contentsOf: url)
        } catch {
            throw .file(path: url.path, reason: error.description)
        }
    }

    private mutating func readShards(_ index: URL, _ folder: URL) throws(TextModelError) {
        struct Index: Decodable {
            var weight_map: [String: String]
        }
        let map: [String: String]
        do {
            let data = try InputFile.small(index, limit: Self.longestIndex)
            map = try JSONText.decode(Index.self, from: Array(data)).weight_map
        } catch let error as FileError {
            throw .file(path: error.path, reason: error.reason)
        } catch let error as JSONProblem {
            throw .file(path: index.path, reason: error.explanation())
        } catch {
            throw .file(path: index.path, reason: "\(error)")
        }
        var shards: [String: MappedTensors] = [:]
        for name in Set(map.values).sorted() {
            guard !name.isEmpty, !name.contains("/"), !name.contains("\\"), !name.contains("\0"),
                name != "..", name.hasSuffix(".safetensors")
            else {
                throw .file(
                    path: index.path,
                    reason: "its shard \(name.quoted) is not a file name of the same folder")
            }
            guard shards.count < Self.mostShards else {
                throw .file(
                    path: index.path, reason: "it has more than \(Self.mostShards) shards")
            }
            shards[name] = try Self.open(folder.appendingPathComponent(name))
        }
        for (tensor, shard) in map.sorted(by: { $0.key < $1.key }) {
            guard let file = shards[shard], file.entries[tensor] != nil else {
                throw .tensor(
                    path: index.path, name: tensor,
                    reason: "is not in \(shard.shown), where the index places it")
            }
            try add(tensor, file)
        }
        for (shard, file) in shards.sorted(by: { $0.key < $1.key }) {
            for name in file.entries.keys.sorted() where map[name] != shard {
                throw .tensor(
                    path: file.path, name: name,
                    reason: "is not in the index; export the model again")
            }
        }
    }

    private mutating func add(_ name: String, _ file: MappedTensors) throws(TextModelError) {
        guard let published = TensorNames.published(name) else {
            idleNames.append(name)
            return
        }
        if let other = places[published] {
            throw .tensor(
                path: file.path, name: name, reason: "is also there under the name \(other.name)")
        }
        places[published] = Place(file: file, name: name)
    }

    /// The published names of all tensors, sorted.
    var names: [String] { places.keys.sorted() }

    /// Returns true if there is a tensor with this published name.
    func contains(_ name: String) -> Bool { places[name] != nil }

    /// Returns a weight of a given shape.
    func weight(_ name: String, _ outputs: Int, _ inputs: Int) throws(TextModelError)
        -> StoredWeight
    {
        let place = try place(name, [outputs, inputs])
        guard let weight = place.file.weight(place.name) else {
            throw unsupported(place)
        }
        return weight
    }

    /// Returns a vector of a given length as a matrix with one row.
    func vector(_ name: String, _ count: Int) throws(TextModelError) -> Matrix {
        let place = try place(name, [count])
        guard let values = place.file.floats(place.name) else { throw unsupported(place) }
        return Matrix(values, rows: 1, columns: count)
    }

    private func place(_ name: String, _ shape: [Int]) throws(TextModelError) -> Place {
        guard let place = places[name], let entry = place.file.entries[place.name] else {
            throw .tensor(path: path, name: name, reason: "is missing; export the model again")
        }
        guard entry.shape == shape else {
            throw .tensor(
                path: place.file.path, name: place.name,
                reason: "has shape \(entry.shape), \(shape) is needed by config.json")
        }
        return place
    }

    private func unsupported(_ place: Place) -> TextModelError {
        let type = place.file.entries[place.name]?.elementType ?? ""
        return .tensor(
            path: place.file.path, name: place.name,
            reason: "has elements of type \(type.shown); F32, BF16, F16 and F64 are supported")
    }
}
