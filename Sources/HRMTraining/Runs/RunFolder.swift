public import Foundation
import HRMData
import HRMFiles
import HRMInference

/// The folder of a training run.
///
/// `all_config.yaml` is the configuration, `run.json` a `RunDescription`, `metrics.jsonl` a
/// `MetricsLog` and `events.out.tfevents.hrm` an `EventFile` with the same numbers; further
/// event files are added when the run is resumed or returns to an earlier step. `identifiers.json`
/// contains the names of the puzzles, if they have any. The models are `model.safetensors` with the
/// trained weights, `model_ema.safetensors` with their average, if enabled, and `best.safetensors`
/// with the weights of the best evaluation. The run is resumed from the newest file in
/// `checkpoints`.
public struct RunFolder: Sendable, Hashable {
    /// The folder.
    public let url: URL

    /// The configuration, with the reference's keys.
    public var configurationURL: URL { url.appendingPathComponent("all_config.yaml") }
    /// The URL of the `RunDescription`.
    public var descriptionURL: URL { url.appendingPathComponent("run.json") }
    /// The metrics, one JSON object per line.
    public var metricsURL: URL { url.appendingPathComponent(Self.metricsName) }
    /// The metrics and pictures for TensorBoard, which recognizes its files by `tfevents` in their
    /// names.
    ///
    /// A run that is resumed or returns to an earlier step has further event files; see
    /// ``eventFiles``.
    public var eventsURL: URL { url.appendingPathComponent(Self.eventsName) }
    /// The weights, under the reference's names.
    public var checkpointURL: URL { url.appendingPathComponent(RunFolderNames.model) }

    /// The averaged weights.
    public var averageURL: URL { url.appendingPathComponent(RunFolderNames.average) }
    /// The weights of the best evaluation, averaged if enabled.
    public var bestURL: URL { url.appendingPathComponent("best.safetensors") }
    /// The folder of the checkpoints.
    public var checkpointsURL: URL { url.appendingPathComponent("checkpoints") }

    /// The final model: the averaged weights if enabled, otherwise the trained ones.
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

    /// The next event file, with a name that follows all others in TensorBoard's reading order.
    package var nextEventFile: URL {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        guard let last = names.compactMap(Self.eventFileNumber).max() else { return eventsURL }
        let digits = String(last + 1)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return url.appendingPathComponent("\(Self.eventsName).\(zeros)\(digits)")
    }

    /// Returns the number of an event file, starting at 1; nil for other files.
    private static func eventFileNumber(_ name: String) -> Int? {
        guard name != eventsName else { return 1 }
        guard name.hasPrefix("\(eventsName).") else { return nil }
        let digits = name.dropFirst(eventsName.count + 1)
        guard (1...9).contains(digits.count), digits.allSatisfy(\.isNumber) else { return nil }
        return Int(digits)
    }

    private static let largestDescription = 1 << 20

    /// Creates the description of a folder, which is not examined.
    package init(_ url: URL) {
        self.url = url
    }

    /// Opens the folder of a run to be resumed.
    ///
    /// - Parameter url: The folder.
    /// - Returns: The folder, which contains a configuration and a description.
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

    /// True if a process on this machine is training in the folder.
    public var isBusy: Bool {
        let descriptor = Foundation.open(lockURL.path, Self.lockFlags | O_RDONLY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard Self.isRegular(descriptor) else { return false }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    private var lockURL: URL { url.appendingPathComponent(".lock") }

    /// Flags that follow no links and do not block on a FIFO.
    private static let lockFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK

    private static func isRegular(_ descriptor: CInt) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Runs a closure while no other process can train in the folder.
    ///
    /// - Parameter body: The closure.
    /// - Returns: The result of `body`.
    /// - Throws: ``RunFolderError/busy(path:)`` if another process is training in the folder, or
    ///   the error of `body`.
    @discardableResult
    package func whileLocked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = lockURL
        let descriptor = Foundation.open(lock.path, Self.lockFlags | O_RDWR | O_CREAT, 0o666)
        // The system releases the lock when the process ends for any reason.
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

    /// Refuses a folder in which the run could not write its files; called before the first step,
    /// so that no work is lost.
    ///
    /// - Throws: ``RunFolderError/file(_:)`` about the first file that cannot be written.
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

    /// Creates a new folder, including missing parent folders.
    ///
    /// - Parameter url: A path that does not exist.
    /// - Returns: The empty folder.
    /// - Throws: ``RunFolderError/alreadyExists(path:)``, or an error with the system's message.
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
    /// - Returns: The folder, in which all files except the metrics exist.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)`` with the missing file.
    public static func open(_ url: URL) throws(RunFolderError) -> RunFolder {
        let folder = RunFolder(url)
        try folder.require([
            folder.configurationURL, folder.descriptionURL, folder.checkpointURL,
        ])
        return folder
    }

    /// Opens the folder of a run that may be in progress or may have been killed.
    ///
    /// - Parameter url: The folder.
    /// - Returns: The folder, in which `run.json` exists; other files may not have been written.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)``.
    public static func openUnfinished(_ url: URL) throws(RunFolderError) -> RunFolder {
        let folder = RunFolder(url)
        try folder.require([folder.descriptionURL])
        return folder
    }

    /// Reads and validates the run's configuration.
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
    /// - Parameter configuration: The configuration.
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

    /// Reads the run's description.
    ///
    /// - Throws: ``RunFolderError`` if `run.json` cannot be read or is invalid.
    package func description() throws(RunFolderError) -> RunDescription {
        let data: Data
        do throws(FileError) {
            data = try InputFile.small(descriptionURL, limit: Self.largestDescription)
        } catch {
            throw .file(error)
        }
        let description: RunDescription
        do throws(JSONProblem) {
            description = try JSONText.decode(RunDescription.self, from: Array(data))
        } catch {
            throw .malformedDescription(path: descriptionURL.path, reason: error.explanation())
        }
        if let problem = description.problem {
            throw .malformedDescription(path: descriptionURL.path, reason: problem)
        }
        return description
    }

    /// Writes the run's description; an earlier one is replaced.
    ///
    /// - Parameter description: The description.
    /// - Throws: ``RunFolderError/file(_:)``.
    package func write(_ description: RunDescription) throws(RunFolderError) {
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

    /// Writes a file of the folder; hard links to the earlier file in copies of the run keep its
    /// content.
    private static func write(_ data: Data, to url: URL) throws(FileError) {
        try AtomicFile.write(to: url, otherNames: .keepContent) { sink throws(FileError) in
            try sink.write(data)
        }
    }
}
