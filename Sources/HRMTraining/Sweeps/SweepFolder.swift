public import Foundation
public import HRMFiles

/// The folder of a sweep: `runs` with a run folder for each run, and beside it what they came to.
public struct SweepFolder: Sendable, Hashable {
    /// The folder.
    public let url: URL

    /// A folder, which need not be there.
    public init(url: URL) {
        self.url = url
    }

    /// The folder of a run.
    public func url(of run: SweepRun) -> URL {
        url.appendingPathComponent("runs").appendingPathComponent(run.folderName)
    }

    /// How far a run has come.
    public enum State: Sendable, Hashable {
        /// It has not been begun.
        case open
        /// It was ended before its last step.
        case unfinished
        /// All its steps are made, or it has nothing left to learn.
        case finished
        /// Its guards stopped it, and would again.
        case diverged(reason: String)
    }

    /// How far a run has come, by what is in its folder.
    ///
    /// - Parameter run: The run.
    /// - Returns: The state.
    /// - Throws: ``RunFolderError`` about a folder that cannot be read.
    public func state(of run: SweepRun) throws(RunFolderError) -> State {
        guard let folder = try begun(run) else { return .open }
        let description = try folder.description()
        switch description.state {
        case .finished: return .finished
        case .diverged: return .diverged(reason: description.reason ?? "it diverged")
        case .running, .interrupted: return .unfinished
        }
    }

    /// The folder of a run that was begun: killed before it said what it is, it was not.
    private func begun(_ run: SweepRun) throws(RunFolderError) -> RunFolder? {
        let url = url(of: run)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do throws(RunFolderError) {
            return try RunFolder.reopen(url)
        } catch {
            guard case .notARun = error else { throw error }
            return nil
        }
    }

    /// Makes the folder of a run that has not been begun ready to be made.
    ///
    /// - Parameter run: The run.
    /// - Throws: ``FileError`` in the system's words.
    public func clear(_ run: SweepRun) throws(FileError) {
        let url = url(of: run)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            throw FileError(.write, path: url.path, reason: FileReason.of(error))
        }
    }

    /// Refuses a plan whose runs are in part there, but as other trainings.
    ///
    /// - Parameters:
    ///   - plan: What is to be run.
    ///   - dataFingerprint: The training split's.
    /// - Throws: ``SweepFolderError`` about the first difference, or ``RunFolderError``.
    public func check(_ plan: SweepPlan, dataFingerprint: String) throws {
        guard FileManager.default.fileExists(atPath: url.appendingPathComponent("runs").path) else {
            return
        }
        for run in plan.runs {
            guard let folder = try begun(run) else { continue }
            let (description, found) = (try folder.description(), try folder.configuration())
            let path = folder.url.path
            for setting in ConfigurationSetting.all
            where setting.key != "data_path"
                && setting.read(found) != setting.read(run.configuration)
            {
                throw SweepFolderError.other(
                    path: path, what: setting.key, was: setting.read(found).text,
                    value: setting.read(run.configuration).text)
            }
            guard description.totalSteps == run.steps else {
                throw SweepFolderError.other(
                    path: path, what: "number of steps", was: "\(description.totalSteps)",
                    value: "\(run.steps)")
            }
            guard description.dataFingerprint == dataFingerprint else {
                throw SweepFolderError.other(
                    path: path, what: "training split's fingerprint",
                    was: description.dataFingerprint, value: dataFingerprint)
            }
            guard description.puzzlesPerEvaluation == run.evaluationLimit else {
                func text(_ limit: Int?) -> String { limit.map { "\($0)" } ?? "all" }
                throw SweepFolderError.other(
                    path: path, what: "number of puzzles of an evaluation",
                    was: text(description.puzzlesPerEvaluation), value: text(run.evaluationLimit))
            }
        }
    }
}

/// A run of a sweep is there, and is another training.
public enum SweepFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something about the training differs.
    case other(path: String, what: String, was: String, value: String)

    /// One sentence: which run, what differs, and what would mend it.
    public var description: String {
        switch self {
        case .other(let path, let what, let was, let value):
            "\(path) was begun with another \(what), \(was) and not \(value); put that back, give "
                + "the experiment another name, or remove the folder"
        }
    }
}
