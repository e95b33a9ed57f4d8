public import Foundation
import HRMData

/// The folder that a training run leaves behind.
///
/// `all_config.yaml` is the configuration, `run.json` a ``RunDescription``, `metrics.jsonl` a
/// ``MetricsLog``, `events.out.tfevents.hrm` an ``EventFile`` with the same numbers and others like
/// it where the run went on or went back, `identifiers.json` the names of the puzzles where they have some. The models are
/// `model.safetensors` with the weights as they are trained, `model_ema.safetensors` with their
/// average, if there is one, and `best.safetensors` with those of the best evaluation. With the
/// newest file in `checkpoints` the run goes on.
public struct RunFolder: Sendable, Hashable {
    /// The folder.
    public let url: URL

    /// The configuration, with the reference's keys.
    public var configurationURL: URL { url.appendingPathComponent("all_config.yaml") }
    /// What one needs to know beside the configuration.
    public var descriptionURL: URL { url.appendingPathComponent("run.json") }
    /// The metrics, one JSON object a line.
    public var metricsURL: URL { url.appendingPathComponent(Self.metricsName) }
    /// The metrics and pictures for TensorBoard, which knows its files by `tfevents` in their names.
    ///
    /// A run that goes on, or goes back to an earlier step, has a further file for what follows; see
    /// ``eventFiles``.
    public var eventsURL: URL { url.appendingPathComponent(Self.eventsName) }
    /// The weights, under the reference's names.
    public var checkpointURL: URL { url.appendingPathComponent("model.safetensors") }

    /// The average of the weights.
    public var averageURL: URL { url.appendingPathComponent("model_ema.safetensors") }
    /// The weights of the best evaluation: their average, where there is one.
    public var bestURL: URL { url.appendingPathComponent("best.safetensors") }
    /// The folder of the checkpoints.
    public var checkpointsURL: URL { url.appendingPathComponent("checkpoints") }

    /// The model that the run is for: the average of the weights, where there is one.
    public var modelURL: URL {
        FileManager.default.fileExists(atPath: averageURL.path) ? averageURL : checkpointURL
    }

    /// The name of each puzzle identifier, as in the data folder.
    public var identifiersURL: URL { url.appendingPathComponent("identifiers.json") }

    static let metricsName = "metrics.jsonl"
    private static let eventsName = "events.out.tfevents.hrm"

    /// The run's event files, in the order in which they were written.
    public var eventFiles: [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { Self.eventFileNumber($0) != nil }.sorted()
            .map { url.appendingPathComponent($0) }
    }

    /// The name of the next event file, behind those of all others in the order that TensorBoard
    /// reads them in.
    var nextEventFile: URL {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        guard let last = names.compactMap(Self.eventFileNumber).max() else { return eventsURL }
        let digits = String(last + 1)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return url.appendingPathComponent("\(Self.eventsName).\(zeros)\(digits)")
    }

    /// The number of an event file, counting from 1, by its name; nil for other files.
    private static func eventFileNumber(_ name: String) -> Int? {
        guard name != eventsName else { return 1 }
        guard name.hasPrefix("\(eventsName).") else { return nil }
        let digits = name.dropFirst(eventsName.count + 1)
        guard (1...9).contains(digits.count), digits.allSatisfy(\.isNumber) else { return nil }
        return Int(digits)
    }

    private static let largestDescription = 1 << 20

    private init(_ url: URL) {
        self.url = url
    }

    /// Opens the folder of a run that is to go on.
    ///
    /// - Parameter url: The folder.
    /// - Returns: The folder, which has a configuration and a description.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)``.
    public static func reopen(_ url: URL) throws(RunFolderError) -> RunFolder {
        let folder = RunFolder(url)
        try folder.require([folder.configurationURL, folder.descriptionURL])
        return folder
    }

    private func require(_ files: [URL]) throws(RunFolderError) {
        for file in files where !FileManager.default.fileExists(atPath: file.path) {
            throw .notARun(path: url.path, missingFile: file.lastPathComponent)
        }
    }

    /// Whether a process of this machine trains in the folder now.
    public var isBusy: Bool {
        let descriptor = Foundation.open(lockURL.path, Self.lockFlags | O_RDONLY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard Self.isRegular(descriptor) else { return false }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    private var lockURL: URL { url.appendingPathComponent(".lock") }

    /// Neither follows a link to a file of somebody else, nor waits for the other end of a pipe.
    private static let lockFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK

    private static func isRegular(_ descriptor: CInt) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Does something while no other process can train in the folder.
    ///
    /// - Parameter body: What is done.
    /// - Returns: What `body` returns.
    /// - Throws: ``RunFolderError/busy(path:)`` when another process trains in it, or what `body`
    ///   throws.
    @discardableResult
    func whileLocked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = lockURL
        let descriptor = Foundation.open(lock.path, Self.lockFlags | O_RDWR | O_CREAT, 0o666)
        // The lock is gone with the process, however that ends.
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0 || ![ELOOP, ENXIO, EISDIR].contains(errno),
            descriptor < 0 || Self.isRegular(descriptor)
        else {
            throw RunFolderError.file(
                FileError(
                    .write, path: lock.path,
                    reason: "it is a link, a pipe or another thing that cannot be locked; remove it"
                ))
        }
        guard descriptor >= 0 else {
            throw RunFolderError.file(
                FileError(.write, path: lock.path, reason: FileReason.lastCall))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw RunFolderError.file(
                    FileError(.write, path: lock.path, reason: FileReason.lastCall))
            }
            throw RunFolderError.busy(path: url.path)
        }
        return try body()
    }

    /// Refuses a folder in which something keeps the run from writing its files, before a step is
    /// made in vain.
    ///
    /// - Throws: ``RunFolderError/file(_:)`` about the first such file.
    func requireWritable() throws(RunFolderError) {
        let files = [
            configurationURL, descriptionURL, identifiersURL, checkpointURL, averageURL, bestURL,
        ]
        for file in files {
            do throws(FileProblem) {
                try FileReplacement.check(file, otherNames: .keepContent)
            } catch {
                throw .file(FileError(.write, path: file.path, reason: error.reason))
            }
        }
    }

    /// Makes a new folder, and those above it where they are missing.
    ///
    /// - Parameter url: A name that is not taken.
    /// - Returns: The empty folder.
    /// - Throws: ``RunFolderError/alreadyExists(path:)``, or the system's words for why the folder
    ///   cannot be made.
    public static func create(at url: URL) throws(RunFolderError) -> RunFolder {
        let files = FileManager.default
        do {
            try files.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.createDirectory(at: url, withIntermediateDirectories: false)
        } catch {
            if files.fileExists(atPath: url.path) { throw .alreadyExists(path: url.path) }
            throw .file(FileError(.write, path: url.path, reason: FileReason.of(error)))
        }
        return RunFolder(url)
    }

    /// Opens the folder of an earlier run.
    ///
    /// - Parameter url: The folder.
    /// - Returns: The folder, in which all files but the metrics are there.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)`` that names the file which is not.
    public static func open(_ url: URL) throws(RunFolderError) -> RunFolder {
        let folder = RunFolder(url)
        try folder.require([
            folder.configurationURL, folder.descriptionURL, folder.checkpointURL,
        ])
        return folder
    }

    /// Opens the folder of a run that may be going on, or that was ended from outside.
    ///
    /// - Parameter url: The folder.
    /// - Returns: The folder, in which `run.json` is there; other files may not be written yet.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)``.
    public static func openUnfinished(_ url: URL) throws(RunFolderError) -> RunFolder {
        let folder = RunFolder(url)
        try folder.require([folder.descriptionURL])
        return folder
    }

    /// The run's configuration, valid.
    ///
    /// - Throws: ``RunFolderError/configuration(_:)``.
    public func configuration() throws(RunFolderError) -> TrainingConfiguration {
        do throws(ConfigurationFileError) {
            return try ConfigurationFile(contentsOf: configurationURL).configuration
        } catch {
            throw .configuration(error)
        }
    }

    /// Writes the run's configuration.
    ///
    /// - Parameter configuration: What the run is made with.
    /// - Throws: ``RunFolderError/configuration(_:)``.
    public func write(_ configuration: TrainingConfiguration) throws(RunFolderError) {
        let text: String
        do throws(ConfigurationFileError) {
            text = try configuration.yaml()
        } catch {
            throw .configuration(error)
        }
        do throws(FileError) {
            try Self.write(Data(text.utf8), to: configurationURL)
        } catch {
            throw .configuration(.file(error))
        }
    }

    /// What one needs to know beside the configuration.
    ///
    /// - Throws: ``RunFolderError`` when `run.json` cannot be read or says something else.
    public func description() throws(RunFolderError) -> RunDescription {
        let data: Data
        do throws(FileError) {
            data = try InputFile.small(descriptionURL, limit: Self.largestDescription)
        } catch {
            throw .file(error)
        }
        let description: RunDescription
        do throws(JSONProblem) {
            description = try HRMData.JSONText.decode(RunDescription.self, from: Array(data))
        } catch {
            throw .malformedDescription(path: descriptionURL.path, reason: error.explanation())
        }
        if let problem = description.problem {
            throw .malformedDescription(path: descriptionURL.path, reason: problem)
        }
        return description
    }

    /// Writes what one needs to know beside the configuration; an earlier description is replaced.
    ///
    /// - Parameter description: The description.
    /// - Throws: ``RunFolderError/file(_:)``.
    public func write(_ description: RunDescription) throws(RunFolderError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(description) + Data("\n".utf8)
        } catch {
            throw .file(FileError(.write, path: descriptionURL.path, reason: "\(error)"))
        }
        do throws(FileError) {
            try Self.write(data, to: descriptionURL)
        } catch {
            throw .file(error)
        }
    }

    /// Writes the names of the puzzle identifiers.
    ///
    /// - Parameter identifiers: Names in the order of the identifiers.
    /// - Throws: ``RunFolderError/file(_:)``.
    public func write(identifiers: [String]) throws(RunFolderError) {
        let text = "[" + identifiers.map(JSONText.quoted).joined(separator: ", ") + "]"
        do throws(FileError) {
            try Self.write(Data(text.utf8), to: identifiersURL)
        } catch {
            throw .file(error)
        }
    }

    /// Writes a file of the folder; a copy of the run that shares it by a second name stays as it is.
    private static func write(_ data: Data, to url: URL) throws(FileError) {
        try AtomicFile.write(to: url, otherNames: .keepContent) { sink throws(FileError) in
            try sink.write(data)
        }
    }
}
