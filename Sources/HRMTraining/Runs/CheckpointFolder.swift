import Foundation

/// When a run writes checkpoints, and which of them it keeps.
public struct CheckpointPolicy: Sendable, Hashable {
    /// Steps from one checkpoint to the next; nil: by the clock alone.
    public var steps: Int?
    /// Time from one checkpoint to the next at most; nil: by the steps alone.
    public var time: Duration?
    /// How many of the newest are kept.
    public var kept: Int
    /// Every checkpoint of a step that is a multiple of this is kept; nil: none.
    public var keptSteps: Int?

    /// A policy; nothing of it changes what a run computes.
    ///
    /// - Parameters:
    ///   - steps: Steps from one checkpoint to the next; nil: by the clock alone.
    ///   - time: Time from one checkpoint to the next at most; nil: by the steps alone.
    ///   - kept: How many of the newest are kept, at least 1.
    ///   - keptSteps: Every checkpoint of a step that is a multiple of this is kept; nil: none.
    public init(
        steps: Int? = nil, time: Duration? = .seconds(600), kept: Int = 2, keptSteps: Int? = nil
    ) {
        precondition(kept >= 1, "\(kept) checkpoints kept")
        self.steps = steps
        self.time = time
        self.kept = kept
        self.keptSteps = keptSteps
    }

    /// Whether a checkpoint is written after a step, whatever the time is.
    func isDue(after step: Int) -> Bool {
        [steps, keptSteps].contains { $0.map { step.isMultiple(of: $0) } ?? false }
    }

    /// The steps whose checkpoints need not be kept.
    ///
    /// - Parameters:
    ///   - steps: All there are, in order.
    ///   - best: The step of the best evaluation, whose checkpoint always stays.
    /// - Returns: Some of the steps.
    func dispensable(of steps: [Int], best: Int?) -> [Int] {
        steps.dropLast(kept).filter { step in
            step != best && !(keptSteps.map { step.isMultiple(of: $0) } ?? false)
        }
    }
}

/// The checkpoints of a run, one file for each step that has one.
struct CheckpointFolder {
    let url: URL

    private static let prefix = "step-"
    private static let suffix = ".safetensors"

    /// The file of a step.
    func file(step: Int) -> URL {
        let digits = String(step)
        let zeros = String(repeating: "0", count: max(0, 9 - digits.count))
        return url.appendingPathComponent(Self.prefix + zeros + digits + Self.suffix)
    }

    /// The steps that have a checkpoint, in order.
    func steps() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            return Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
        }.sorted()
    }

    /// Makes the folder where it is missing.
    ///
    /// - Throws: ``FileError``.
    func create() throws(FileError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw FileError(.write, path: url.path, reason: FileReason.of(error))
        }
    }

    /// Removes the checkpoints of some steps; one that cannot be removed does no harm.
    func remove(_ steps: [Int]) {
        for step in steps { try? FileManager.default.removeItem(at: file(step: step)) }
    }
}

extension CheckpointFolder {
    /// The newest checkpoint that can be opened; nil when there is none.
    ///
    /// - Throws: ``CheckpointError`` about the newest one, when none can be opened.
    func newest() throws(CheckpointError) -> TrainingCheckpoint? {
        // A folder that cannot be read is not one without checkpoints, from which a run would begin
        // again.
        if FileManager.default.fileExists(atPath: url.path) {
            do {
                _ = try FileManager.default.contentsOfDirectory(atPath: url.path)
            } catch {
                throw .unreadable(path: url.path, reason: FileReason.of(error))
            }
        }
        var first: CheckpointError?
        for step in steps().reversed() {
            do throws(CheckpointError) {
                return try TrainingCheckpoint(contentsOf: file(step: step))
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
        return nil
    }
}
