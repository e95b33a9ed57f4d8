import Foundation
import HRMData
import HRMFiles
import HRMInference

/// The schedule of a run's checkpoints, and the selection of those to keep.
public struct CheckpointPolicy: Sendable, Hashable {
    /// Steps between checkpoints; nil to use only the time.
    public var steps: Int?
    /// The maximum time between checkpoints; nil to use only the steps.
    public var time: Duration?
    /// The number of newest checkpoints to keep.
    public var kept: Int
    /// Checkpoints at multiples of this number of steps are kept permanently; nil for none.
    public var keptSteps: Int?

    /// Creates a policy; it does not affect the results of a run.
    ///
    /// - Parameters:
    ///   - steps: Steps between checkpoints; nil to use only the time.
    ///   - time: The maximum time between checkpoints; nil to use only the steps.
    ///   - kept: The number of newest checkpoints to keep, at least 1.
    ///   - keptSteps: Checkpoints at multiples of this number of steps are kept permanently; nil
    ///     for none.
    public init(
        steps: Int? = nil, time: Duration? = .seconds(600), kept: Int = 2, keptSteps: Int? = nil
    ) {
        precondition(kept >= 1, "\(kept) checkpoints kept")
        self.steps = steps
        self.time = time
        self.kept = kept
        self.keptSteps = keptSteps
    }

    /// Returns whether a checkpoint is due after a step, regardless of the time.
    func isDue(after step: Int) -> Bool {
        [steps, keptSteps].contains { $0.map { step.isMultiple(of: $0) } ?? false }
    }

    /// Returns the steps whose checkpoints can be removed.
    ///
    /// - Parameters:
    ///   - steps: The steps of all checkpoints, in order.
    ///   - best: The step of the best evaluation, whose checkpoint is always kept.
    /// - Returns: A subset of the steps.
    func dispensable(of steps: [Int], best: Int?) -> [Int] {
        steps.dropLast(kept).filter { step in
            step != best && !(keptSteps.map { step.isMultiple(of: $0) } ?? false)
        }
    }
}

/// The checkpoints of a run, one file per checkpointed step.
struct CheckpointFolder {
    let url: URL

    private static let prefix = "step-"
    private static let suffix = ".safetensors"

    /// Returns the file of a step.
    func file(step: Int) -> URL {
        let digits = String(step)
        let zeros = String(repeating: "0", count: max(0, 9 - digits.count))
        return url.appendingPathComponent(Self.prefix + zeros + digits + Self.suffix)
    }

    /// Returns the steps that have a checkpoint, in order.
    func steps() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            return Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
        }.sorted()
    }

    /// Creates the folder if it is missing.
    ///
    /// - Throws: ``FileError``.
    func create() throws(FileError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw FileError(.write, path: url.path, reason: FileReason.of(error))
        }
    }

    /// Removes the checkpoints of some steps; failures are ignored.
    func remove(_ steps: [Int]) {
        for step in steps { try? FileManager.default.removeItem(at: file(step: step)) }
    }
}

extension CheckpointFolder {
    /// A checkpoint that was passed over because it cannot be used.
    struct Unusable {
        /// The step in the file's name.
        var step: Int
        /// The reason.
        var error: CheckpointError
    }

    /// Returns the newest usable checkpoint, and the newer ones that were passed over; nil if there
    /// are no checkpoints.
    ///
    /// - Throws: `CheckpointError` about the newest one if none is usable.
    func newest() throws(CheckpointError) -> (checkpoint: TrainingCheckpoint, newer: [Unusable])? {
        // An unreadable folder must not count as one without checkpoints, because the run would
        // then start from the beginning.
        if FileManager.default.fileExists(atPath: url.path) {
            do {
                _ = try FileManager.default.contentsOfDirectory(atPath: url.path)
            } catch {
                throw .file(.unreadable(path: url.path, reason: FileReason.of(error)))
            }
        }
        var newer: [Unusable] = []
        for step in steps().reversed() {
            do throws(CheckpointError) {
                return (try checkpoint(of: step), newer)
            } catch {
                newer.append(Unusable(step: step, error: error))
            }
        }
        if let first = newer.first { throw first.error }
        return nil
    }

    /// Opens the checkpoint of a step.
    ///
    /// - Throws: `CheckpointError`, also about a checkpoint of another step under this name.
    func checkpoint(of step: Int) throws(CheckpointError) -> TrainingCheckpoint {
        let file = file(step: step)
        let checkpoint = try TrainingCheckpoint(contentsOf: file)
        guard checkpoint.step == step else {
            throw .unusableMetadata(
                path: file.path,
                reason: "it is the checkpoint of step \(checkpoint.step), and its name is that of "
                    + "step \(step); remove it or give it its own name")
        }
        return checkpoint
    }
}
