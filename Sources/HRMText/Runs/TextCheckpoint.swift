package import Foundation
import HRMFiles
import HRMTensor

/// The state of a training in one safetensors file: weights, their average, moments and counts.
///
/// | name | content |
/// |---|---|
/// | `weights.…`, `average.…` | the weights and their average, under the published names |
/// | `first_moment.…`, `second_moment.…` | the means of gradients and of their squares |
/// | `training.initial_low` | the initial fast state |
/// | `training.update_counts` | the number of updates of each matrix |
/// | `training.state` | the number of steps, and a number of the caller |
/// | `training.operations` | the floating-point operations so far |
package enum TextCheckpoint {
    private static let counts = "training.update_counts"
    private static let state = "training.state"
    private static let operations = "training.operations"
    private static let initialLow = "training.initial_low"

    private static func parts(
        _ learner: TextLearner
    ) -> [(name: String, matrix: Matrix)] {
        [
            ("weights", learner.parameters), ("average", learner.average),
            ("first_moment", learner.moments.first), ("second_moment", learner.moments.second),
        ].flatMap { prefix, parameters in
            parameters.named.map { ("\(prefix).\($0.name)", $0.matrix) }
        } + [(initialLow, learner.initialLow)]
    }

    /// Writes the state; an existing file is replaced at once.
    ///
    /// - Parameters:
    ///   - trainer: The training.
    ///   - note: A number of the caller, such as the length of its log.
    ///   - url: The file.
    /// - Throws: An error about the file.
    package static func write(_ trainer: TextTrainer, note: Int, to url: URL) throws {
        var stream = SafetensorsStream()
        for (name, matrix) in parts(trainer.learner) { stream.add(name, matrix) }
        let counts = trainer.learner.updateCounts
        stream.add(Self.counts, .int64(counts, shape: [counts.count]))
        stream.add(state, .int64([trainer.step, note], shape: [2]))
        stream.add(operations, .float64([trainer.operations], shape: [1]))
        try stream.write(to: url)
    }

    /// Replaces the state of a training.
    ///
    /// - Parameters:
    ///   - trainer: A training with the same settings.
    ///   - url: The file.
    /// - Returns: The number of the caller.
    /// - Throws: ``TextTrainingError/run(path:reason:)``; the training must then not be used.
    package static func read(
        into trainer: TextTrainer, from url: URL
    ) throws(TextTrainingError) -> Int {
        func fail(_ reason: String) -> TextTrainingError { .run(path: url.path, reason: reason) }
        let file: SafetensorsFile
        do throws(SafetensorsError) {
            file = try SafetensorsFile(contentsOf: url)
        } catch {
            throw fail(error.description)
        }
        let parts = parts(trainer.learner)
        for (name, matrix) in parts {
            guard let tensor = file[name] else { throw fail("its tensor '\(name)' is missing") }
            guard tensor.elementType == .float32, tensor.shape == [matrix.rows, matrix.columns]
            else {
                throw fail(
                    "its tensor '\(name)' has shape \(tensor.shape), this training needs "
                        + "\([matrix.rows, matrix.columns]) in float32")
            }
        }
        let counts = file[Self.counts]?.integers() ?? []
        let state = file[Self.state]?.integers() ?? []
        let operations = file[Self.operations]?.doubles() ?? []
        guard counts.count == trainer.learner.updateCounts.count, counts.allSatisfy({ $0 >= 0 }),
            state.count == 2, state.allSatisfy({ (0...(1 << 40)).contains($0) }),
            operations.count == 1, operations[0] >= 0, operations[0] < .infinity
        else { throw fail("its counts are missing or impossible") }
        for (name, matrix) in parts {
            if let tensor = file[name] { matrix.assign(tensor.floats()) }
        }
        trainer.learner.updateCounts = counts
        trainer.step = state[0]
        trainer.operations = operations[0]
        return state[1]
    }
}
