package import Foundation
package import HRMFiles
import HRMModel

/// The folder of a sweep: `runs` with one run folder per run, and the results beside it.
package struct SweepFolder: Sendable, Hashable {
    /// The folder.
    package let url: URL

    /// Creates a reference to a folder, which need not exist.
    package init(url: URL) {
        self.url = url
    }

    /// Returns the folder of a run.
    package func url(of run: SweepRun) -> URL {
        url.appendingPathComponent("runs").appendingPathComponent(run.folderName)
    }

    /// The progress of a run.
    package enum State: Sendable, Hashable {
        /// The run has not started.
        case open
        /// The run was stopped before its last step.
        case unfinished
        /// The run has completed all steps, or stopped early because training accuracy was reached.
        case finished
        /// The guards stopped the run, and would stop it again if it were repeated.
        case diverged(reason: String)
    }

    /// Returns the progress of a run according to its folder.
    ///
    /// - Parameter run: The run.
    /// - Returns: The state.
    /// - Throws: ``RunFolderError`` about a folder that cannot be read.
    package func state(of run: SweepRun) throws(RunFolderError) -> State {
        guard let folder = try begun(run) else { return .open }
        let description = try folder.description()
        switch description.state {
        case .finished: return .finished
        case .diverged: return .diverged(reason: description.reason ?? "it diverged")
        case .running, .interrupted: return .unfinished
        }
    }

    /// Returns the folder of a started run; nil also if the run was killed before it wrote its
    /// description, when it had no weights yet.
    private func begun(_ run: SweepRun) throws(RunFolderError) -> RunFolder? {
        let url = url(of: run)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            return nil
        }
        guard isFolder.boolValue else { throw .alreadyExists(path: url.path) }
        do throws(RunFolderError) {
            return try RunFolder.reopen(url)
        } catch {
            guard case .notARun(let path, let missing) = error else { throw error }
            guard !Self.holdsWeights(url) else {
                throw .incomplete(path: path, missingFile: missing)
            }
            return nil
        }
    }

    /// Returns whether a folder contains the files that a run writes after its first steps.
    private static func holdsWeights(_ folder: URL) -> Bool {
        ["checkpoints", "model.safetensors", "model_ema.safetensors", "best.safetensors"].contains {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
    }

    /// Removes the remains of a run that has not started.
    ///
    /// - Parameter run: The run.
    /// - Throws: `FileError` with the system's message.
    package func clear(_ run: SweepRun) throws(FileError) {
        let url = url(of: run)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            throw FileError(.write, path: url.path, reason: FileReason.of(error))
        }
    }

    /// Refuses a plan if the folder contains runs with different settings or data.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - dataFingerprint: The fingerprint of the training split.
    /// - Throws: ``SweepFolderError`` about the first difference, or ``RunFolderError``.
    package func check(_ plan: SweepPlan, dataFingerprint: String) throws {
        guard FileManager.default.fileExists(atPath: url.appendingPathComponent("runs").path) else {
            return
        }
        for run in plan.runs {
            guard let folder = try begun(run) else { continue }
            let (description, found) = (try folder.description(), try folder.configuration())
            let path = folder.url.path
            for setting in TrainingSetting.all
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

/// The error for an existing run of a sweep with different settings or data.
package enum SweepFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A property of the training differs.
    case other(path: String, what: String, was: String, value: String)

    /// One sentence that states the run, the difference and the remedy.
    package var description: String {
        switch self {
        case .other(let path, let what, let was, let value):
            "\(path) was begun with another \(what), \(was) and not \(value); put that back, give "
                + "the experiment another name, or remove the folder"
        }
    }
}
