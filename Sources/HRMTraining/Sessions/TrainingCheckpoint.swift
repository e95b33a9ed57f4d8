import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor

/// The complete state of a training run in one safetensors file; a resumed run continues exactly as
/// if it had never stopped.
///
/// Weights, puzzle embedding and initial states have the reference's names, as in a ``ModelFile``,
/// so each checkpoint is also a model. In addition it contains:
///
/// | name | content | shape |
/// |---|---|---|
/// | `training.first_moment`, `training.second_moment` | AdamATan2's state; the first is the momentum where Muon updates | `[1, parameters]` |
/// | `training.average` | the average of the weights, if enabled | `[1, parameters]` |
/// | `training.z_H`, `training.z_L` | the states of the batch's slots | `[B·T, D]` |
/// | `training.inputs`, `training.labels` | the slots' puzzles | `[B, S]` |
/// | `training.puzzle_identifiers` | their rows of the embedding | `[B]` |
/// | `training.steps`, `training.halted` | the slots' segment counts and halting flags | `[B]` |
/// | `training.search_idle`, `training.search_lost` | the counts of the slots' searches, of a model that reads candidates | `[B]` |
/// | `training.group_order` | the order of the epoch's groups | `[groups]` |
/// | metadata `hrm.training` | counters, generators and the session's progress, as JSON | |
struct TrainingCheckpoint {
    static let namePrefix = HierarchicalReasoningModel.trainingStatePrefix

    private static let metadataKey = "hrm.training"

    /// The engine's tensors beside the weights.
    private static let stateGroups = [TensorGroup.optimizer, .states]

    private enum Name {
        static let inputs = namePrefix + "inputs"
        static let labels = namePrefix + "labels"
        static let identifiers = namePrefix + "puzzle_identifiers"
        static let steps = namePrefix + "steps"
        static let halted = namePrefix + "halted"
        static let idle = namePrefix + "search_idle"
        static let lost = namePrefix + "search_lost"
        static let groupOrder = namePrefix + "group_order"
    }

    /// The scalar part of the state.
    private struct Counters: Codable {
        var step: Int
        var updateCount: Int
        var learningRateFactor: Double
        var exploration: SeededGenerator
        /// The batches' state without the order of the groups, which is a tensor.
        var batches: TrainingBatches<SeededGenerator>.State
        var progress: SessionProgress
    }

    private let file: SafetensorsFile
    private let path: String
    private let counters: Counters

    /// The number of completed steps.
    var step: Int { counters.step }
    /// The session's progress.
    var progress: SessionProgress { counters.progress }

    /// The configuration that the checkpoint was written with; nil if it does not contain one.
    ///
    /// - Throws: ``ConfigurationFileError`` if it is not valid.
    func configuration() throws(ConfigurationFileError) -> TrainingConfiguration? {
        guard let yaml = file.metadata[ModelFile.trainingSettingsKey] else { return nil }
        return try ConfigurationFile(yaml: yaml, path: path).configuration
    }

    /// Opens a checkpoint; its tensors are memory-mapped.
    ///
    /// - Throws: `CheckpointError`.
    init(contentsOf url: URL) throws(CheckpointError) {
        file = try CheckpointError.wrapping { () throws(SafetensorsError) in
            try SafetensorsFile(contentsOf: url)
        }
        path = url.path
        guard let text = file.metadata[Self.metadataKey],
            let counters = try? JSONDecoder().decode(Counters.self, from: Data(text.utf8)),
            SessionProgress.counts.contains(counters.step),
            SessionProgress.counts.contains(counters.updateCount),
            counters.learningRateFactor > 0, counters.learningRateFactor <= 1,
            counters.progress.isPossible
        else {
            throw .file(
                .malformedHeader(
                    path: url.path,
                    reason: "its metadata '\(Self.metadataKey)' do not tell the state of a training"
                ))
        }
        self.counters = counters
    }
}

// MARK: - Writing

extension TrainingCheckpoint {
    /// Writes a checkpoint atomically.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced.
    ///   - model: The model as a file.
    ///   - trainer: The trainer of the model.
    ///   - batches: The training batches.
    ///   - progress: The session's progress.
    /// - Throws: `CheckpointError` or ``ConfigurationFileError``.
    static func write(
        to url: URL, model: ModelFile, trainer: Trainer,
        batches: TrainingBatches<SeededGenerator>, progress: SessionProgress
    ) throws {
        var order = batches.state
        order.groupOrder = []
        let counters = Counters(
            step: trainer.step, updateCount: trainer.updateCount,
            learningRateFactor: trainer.learningRateFactor, exploration: trainer.exploration,
            batches: order, progress: progress)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var stream = try model.stream()
        stream.metadata[metadataKey] = String(
            decoding: try encoder.encode(counters), as: UTF8.self)
        for group in stateGroups {
            for tensor in trainer.engine.tensors(group) {
                stream.add(namePrefix + tensor.name, tensor.values)
            }
        }
        let carry = trainer.carry
        let slots = carry.slotCount
        let length = carry.dimensions.sequenceLength
        stream.add(Name.inputs, .int32(carry.current.inputs, shape: [slots, length]))
        stream.add(Name.labels, .int32(carry.current.labels, shape: [slots, length]))
        stream.add(Name.identifiers, .int32(carry.current.puzzleIdentifiers, shape: [slots]))
        stream.add(Name.steps, .int64(carry.steps, shape: [slots]))
        stream.add(Name.halted, .bool(carry.halted, shape: [slots]))
        if let pool = trainer.pool {
            stream.add(Name.idle, .int64(pool.idle, shape: [slots]))
            stream.add(Name.lost, .int64(pool.lost, shape: [slots]))
        }
        let groups = batches.state.groupOrder
        stream.add(Name.groupOrder, .int32(groups, shape: [groups.count]))
        try CheckpointError.wrapping { () throws(SafetensorsError) in
            try stream.write(to: url, otherNames: .keepContent)
        }
    }
}

// MARK: - Resuming

extension TrainingCheckpoint {
    /// Returns the position in the training batches.
    ///
    /// - Throws: `CheckpointError` if the order of the groups is missing.
    func batches() throws(CheckpointError) -> TrainingBatches<SeededGenerator>.State {
        var state = counters.batches
        state.groupOrder = try integers(Name.groupOrder).map { Int32(truncatingIfNeeded: $0) }
        return state
    }

    /// Restores weights, optimizer, average, carry and counters of a trainer with the same
    /// settings.
    ///
    /// - Parameter trainer: The trainer; unusable after an error.
    /// - Throws: `CheckpointError` if the file belongs to other settings or other data.
    func restore(_ trainer: inout Trainer) throws(CheckpointError) {
        let engine = trainer.engine
        var weights: [NamedTensor] = []
        for tensor in engine.tensors(.weights) {
            weights.append(try stored(tensor, as: tensor.name))
        }
        engine.load(weights, .weights)
        for group in Self.stateGroups {
            for tensor in engine.tensors(group) {
                engine.load([try stored(tensor, as: Self.namePrefix + tensor.name)], group)
            }
        }
        let current = TokenBatch(
            inputs: try integers(Name.inputs).map { Int32(truncatingIfNeeded: $0) },
            labels: try integers(Name.labels).map { Int32(truncatingIfNeeded: $0) },
            puzzleIdentifiers: try integers(Name.identifiers).map {
                Int32(truncatingIfNeeded: $0)
            })
        let steps = try integers(Name.steps)
        let halted = try integers(Name.halted).map { $0 != 0 }
        guard
            trainer.carry.restore(
                steps: steps, halted: halted, current: current,
                maxSteps: engine.configuration.haltMaxSteps),
            try restorePool(of: &trainer)
        else {
            throw .file(
                .malformedHeader(
                    path: path, reason: "the puzzles it was working on do not fit the model"))
        }
        trainer.resume(
            step: counters.step, updateCount: counters.updateCount,
            learningRateFactor: counters.learningRateFactor, exploration: counters.exploration)
    }

    /// Restores the counts of the search; returns false if they do not fit.
    private func restorePool(of trainer: inout Trainer) throws(CheckpointError) -> Bool {
        guard trainer.pool != nil else { return true }
        let (idle, lost) = (try integers(Name.idle), try integers(Name.lost))
        return trainer.pool?.restore(
            idle: idle, lost: lost, maxSteps: trainer.engine.configuration.haltMaxSteps) ?? true
    }

    /// Returns a stored tensor with the shape and format of an engine's tensor.
    private func stored(_ own: NamedTensor, as name: String) throws(CheckpointError) -> NamedTensor
    {
        let tensor = try tensor(name)
        guard tensor.shape == own.shape else {
            throw .shapeMismatch(name: name, expected: own.shape, found: tensor.shape)
        }
        let values = own.values
        let type = values.precision == .bfloat16 ? SafetensorsElementType.bfloat16 : .float32
        guard tensor.elementType == type else {
            throw .file(
                .malformedHeader(
                    path: path,
                    reason:
                        "'\(name)' has elements of type \(tensor.elementType.rawValue), needed is "
                        + type.rawValue))
        }
        let copy = Matrix(rows: values.rows, columns: values.columns, precision: values.precision)
        copy.assign(bytes: tensor.bytes.bytes)
        return NamedTensor(name: own.name, shape: own.shape, values: copy)
    }

    private func integers(_ name: String) throws(CheckpointError) -> [Int] {
        guard let integers = try tensor(name).integers() else {
            throw .file(.malformedHeader(path: path, reason: "'\(name)' is not of whole numbers"))
        }
        return integers
    }

    private func tensor(_ name: String) throws(CheckpointError) -> SafetensorsTensor {
        try CheckpointError.wrapping { () throws(SafetensorsError) in try file.tensor(name) }
    }
}
