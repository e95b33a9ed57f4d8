import Foundation
import HRM
import HRMData
import HRMInference
import HRMModel
import HRMPretrained
import HRMTensor
import HRMTraining
import Synchronization

/// The models that a server offers.
final class ModelLibrary: Sendable {
    /// The origin of a model.
    enum Source: String, Sendable {
        case package
        case run
        case file
    }

    /// A model that may be loaded.
    struct Entry: Sendable {
        var identifier: String
        var name: String
        var source: Source
        /// The file or the run folder.
        var url: URL
        /// The model of the package, if it is one.
        var pretrained: PretrainedModel?
    }

    /// A model with the boards for which it is prepared.
    final class Loaded: Sendable {
        let entry: Entry
        let file: ModelFile
        let reasoner: Reasoner
        let card: String

        init(_ entry: Entry, file: ModelFile, workers: Workers) {
            self.entry = entry
            self.file = file
            card = entry.pretrained.flatMap { try? $0.card() } ?? ""
            reasoner = Reasoner(file, workers: workers)
        }

        /// The model's task.
        var task: PuzzleTask? { file.task }
        /// True if the model strikes and pins candidates.
        var isSearch: Bool { file.model.configuration.readsCandidates }
    }

    private struct Key: Hashable {
        var identifier: String
        var task: PuzzleTask?
    }

    private struct Kept {
        var key: Key
        /// The file's size and time when it was read.
        var stamp: FileStamp
        var loading: Task<Loaded, any Error>
    }

    private let fixed: [Entry]
    private let runs: URL?
    private let workers: Workers
    /// The models in memory, the last used one at the end.
    private let kept = Mutex<[Kept]>([])
    private static let mostKept = 12

    /// Creates a library.
    ///
    /// - Parameters:
    ///   - runs: The folder with runs; nil for none.
    ///   - files: Further models: weights files or run folders.
    ///   - workers: The worker threads of each model.
    init(runs: URL?, files: [URL], workers: Workers) {
        self.runs = runs
        self.workers = workers
        var entries: [Entry] = []
        for model in PretrainedModel.allCases {
            guard let url = try? model.url() else { continue }
            entries.append(
                Entry(
                    identifier: model.rawValue, name: model.rawValue, source: .package, url: url,
                    pretrained: model))
        }
        for url in files {
            let name = url.lastPathComponent
            let identifier = ModelIdentifier.identifier(of: "file/\(name)")
            let count = entries.count { $0.identifier.hasPrefix(identifier) }
            entries.append(
                Entry(
                    identifier: count == 0 ? identifier : "\(identifier).\(count + 1)", name: name,
                    source: .file, url: url))
        }
        fixed = entries
    }

    /// Returns the identifier of a run's model.
    static func identifier(ofRun name: String) -> String {
        ModelIdentifier.identifier(of: "run/\(name)")
    }

    /// Returns all models that exist at present.
    func entries() -> [Entry] {
        guard let runs, let found = try? RunSearch.runs(below: runs) else { return fixed }
        let models = found.compactMap { run -> Entry? in
            guard (try? RunFolder.open(run.url)) != nil else { return nil }
            return Entry(
                identifier: Self.identifier(ofRun: run.name), name: run.name, source: .run,
                url: run.url)
        }
        return fixed + models
    }

    /// Returns the model with an identifier.
    ///
    /// - Throws: ``HTTPError`` if there is none.
    func entry(_ identifier: String) throws(HTTPError) -> Entry {
        if let entry = fixed.first(where: { $0.identifier == identifier }) { return entry }
        if let entry = entries().first(where: { $0.identifier == identifier }) { return entry }
        throw HTTPError(
            .notFound, "there is no such model", at: "model", remedy: "use one of /v1/models")
    }

    /// Loads a model, unless it is in memory and its file has not changed.
    ///
    /// - Parameters:
    ///   - identifier: The model.
    ///   - task: The boards, for a model that takes several; nil for its own.
    /// - Returns: The model.
    /// - Throws: ``HTTPError`` if it cannot be read, or is not for these boards.
    func model(_ identifier: String, for task: PuzzleTask? = nil) async throws -> Loaded {
        let entry = try entry(identifier)
        let key = Key(identifier: identifier, task: task)
        let stamp = FileStamp(of: entry.url)
        let workers = workers
        let loading = kept.withLock { kept in
            if let index = kept.firstIndex(where: { $0.key == key }) {
                let found = kept.remove(at: index)
                if found.stamp == stamp {
                    kept.append(found)
                    return found.loading
                }
            }
            let loading = Task.detached { try await Self.load(entry, for: task, workers: workers) }
            kept.append(Kept(key: key, stamp: stamp, loading: loading))
            if kept.count > Self.mostKept { kept.removeFirst() }
            return loading
        }
        do {
            return try await loading.value
        } catch {
            kept.withLock { $0.removeAll { $0.key == key && $0.stamp == stamp } }
            throw error
        }
    }

    private static func load(
        _ entry: Entry, for task: PuzzleTask?, workers: Workers
    ) async throws -> Loaded {
        try await OwnThread.run {
            let file: ModelFile
            do {
                file = try ModelFile(contentsOf: entry.url).fitted(to: task)
            } catch {
                throw HTTPError(
                    .unprocessableContent,
                    "the model cannot be used: \(Self.pathless(error, entry))",
                    at: "model", remedy: "use another one of /v1/models")
            }
            if let task, let own = file.task, own != task {
                throw HTTPError(
                    .unprocessableContent, "the model is for other boards", at: "task",
                    remedy: "leave it out, or use a model whose boards include it")
            }
            return Loaded(entry, file: file, workers: workers)
        }
    }

    /// Returns an error's sentence without the path of the model, which is nobody's business.
    private static func pathless(_ error: any Error, _ entry: Entry) -> String {
        "\(error)".replacingOccurrences(of: entry.url.path, with: entry.name)
    }
}
