package import Foundation
import HRMData
import HRMFiles

/// A folder with the results of an evaluation of many tasks, and the states of unfinished ones.
///
/// ```
/// evaluation.json    the settings
/// tasks/NAME.json    a result, written atomically when the task is finished
/// states/NAME.safetensors    the state of a task that is not finished
/// ```
package struct TaskSetFolder: Sendable {
    /// The settings that all results of a folder have in common.
    struct Settings: Codable, Hashable {
        var format: Int
        var steps: Int
        var seconds: Double?
        var stableSteps: Int?
        var seed: UInt64
        var attempts: String
        var unit: String
        var changes: [String]

        static let known = 1

        private enum CodingKeys: String, CodingKey {
            case format, steps, seconds, seed, attempts, unit, changes
            case stableSteps = "stable_steps"
        }

        init(_ options: PerTaskOptions) {
            format = Self.known
            steps = options.steps
            seconds = options.duration.map { $0 / .seconds(1) }
            stableSteps = options.stableSteps
            seed = options.seed
            attempts = options.attemptRule.rawValue
            unit = options.unit.rawValue
            changes = options.changeNames
        }
    }

    /// The folder.
    package let url: URL
    private static let longestResult = 1 << 22

    private var settingsURL: URL { url.appendingPathComponent("evaluation.json") }
    private var tasksURL: URL { url.appendingPathComponent("tasks", isDirectory: true) }
    private var statesURL: URL { url.appendingPathComponent("states", isDirectory: true) }

    /// Opens a folder, or creates it.
    ///
    /// - Parameters:
    ///   - url: The folder; its parent must exist.
    ///   - options: The options, which must be those of the results in it.
    /// - Throws: ``TaskSetError`` if the folder cannot be used.
    init(_ url: URL, options: PerTaskOptions) throws(TaskSetError) {
        self.url = url
        let settings = Settings(options)
        for folder in [url, tasksURL, statesURL] {
            do {
                // Only the folder itself is created, not its parents: they may be misspelt.
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: false)
            } catch {
                var isFolder: ObjCBool = false
                guard
                    FileManager.default.fileExists(
                        atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue
                else {
                    throw .file(
                        FileError(
                            .write, path: folder.path, reason: FileProblem(error).reason))
                }
            }
        }
        guard FileManager.default.fileExists(atPath: settingsURL.path) else {
            try Self.write(settings, to: settingsURL)
            return
        }
        let known = try Self.read(Settings.self, from: settingsURL)
        guard known == settings else { throw .otherSettings(path: settingsURL.path) }
    }

    /// Runs a closure while no other process can write results.
    func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
        let path = url.appendingPathComponent(".lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
        guard descriptor >= 0 else {
            throw TaskSetError.file(
                FileError(
                    .write, path: path, reason: FileProblem(errorNumber: errno).reason))
        }
        // The system releases the lock when the process ends for any reason.
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            guard number == EWOULDBLOCK else {
                throw TaskSetError.file(
                    FileError(
                        .write, path: path, reason: FileProblem(errorNumber: number).reason))
            }
            throw TaskSetError.busy(path: url.path)
        }
        for folder in [url, tasksURL, statesURL] { AtomicFile.removeRemains(in: folder) }
        return try body()
    }

    /// Returns the result of a task; nil if it is not finished.
    ///
    /// - Throws: ``TaskSetError`` if the file is damaged, or is the result of another task.
    func result(of task: TaskExamples) throws(TaskSetError) -> TaskResult? {
        let url = resultURL(task)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let result = try Self.read(TaskResult.self, from: url)
        if let problem = result.problem { throw .damaged(path: url.path, reason: problem) }
        guard result.task == task.name, result.digest == task.digest,
            result.tests.count == task.testInputs.count
        else { throw .otherTask(path: url.path, task: task.name) }
        return result
    }

    /// Writes the result of a task and removes its state.
    func finish(_ result: TaskResult, of task: TaskExamples) throws(TaskSetError) {
        try Self.write(result, to: resultURL(task))
        try? FileManager.default.removeItem(at: stateURL(task))
    }

    /// The file of a task's result.
    func resultURL(_ task: TaskExamples) -> URL {
        tasksURL.appendingPathComponent(Self.fileName(task.name) + ".json")
    }

    /// The file of a task's state.
    func stateURL(_ task: TaskExamples) -> URL {
        statesURL.appendingPathComponent(Self.fileName(task.name) + ".safetensors")
    }

    /// Returns a file name for a task; different names give different ones, even where capitals
    /// are not told apart.
    static func fileName(_ name: String) -> String {
        let plain = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
        guard !plain || name.isEmpty || name.utf8.count > 100 else { return name }
        let readable = String(
            name.lowercased().unicodeScalars.filter {
                ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
            }.map(Character.init).prefix(60))
        let digest = ContentDigest.sha256(of: Data(name.utf8)).prefix(16)
        return readable + "-" + digest
    }

    private static func read<Value: Decodable>(
        _ type: Value.Type, from url: URL
    ) throws(TaskSetError) -> Value {
        let bytes: [UInt8]
        do {
            bytes = try ByteSource.bytes(of: url, atMost: longestResult)
        } catch {
            throw .file(FileError(.read, path: url.path, reason: error.reason))
        }
        do throws(JSONProblem) {
            return try JSONText.decode(type, from: bytes)
        } catch {
            throw .damaged(path: url.path, reason: error.explanation())
        }
    }

    private static func write(_ value: some Encodable, to url: URL) throws(TaskSetError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try AtomicFile.write(try encoder.encode(value) + Data("\n".utf8), to: url)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .damaged(path: url.path, reason: "\(error)")
        }
    }
}
