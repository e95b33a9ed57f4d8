public import Foundation
public import HRMModel
import HRMTensor

extension TrainingConfiguration {
    /// Refuses a training that does not fit into this machine's memory, before anything is
    /// allocated.
    ///
    /// The estimate comprises weights with gradients and optimizer state, the puzzle embedding, and
    /// the states and logits of a batch. Activations are not included: a refused training could not
    /// have run, but an accepted one may still run out of memory.
    ///
    /// - Parameters:
    ///   - dimensions: The dimensions that the data set determines.
    ///   - workers: The number of worker threads, each with its own gradients.
    ///   - available: The machine's memory in bytes.
    /// - Throws: `ConfigurationError` with the setting responsible for most of the memory.
    /// - Precondition: The settings are valid for the dimensions.
    public func requireMemory(
        for dimensions: PuzzleDimensions, workers: Int,
        available: UInt64 = ProcessInfo.processInfo.physicalMemory
    ) throws(ConfigurationError) {
        let parts = memory(for: dimensions, workers: workers)
        let needed = parts.reduce(0) { $0 + $1.bytes }
        guard needed > Double(available), let largest = parts.max(by: { $0.bytes < $1.bytes })
        else { return }
        throw ConfigurationError(
            key: largest.key, value: "\(largest.value)",
            requirement: "is too much for this machine: training takes at least "
                + "\(Self.gigabytes(needed)) of memory, \(Self.gigabytes(largest.bytes)) of it for "
                + "\(largest.use), and there are \(Self.gigabytes(Double(available))); "
                + largest.mend)
    }

    /// A consumer of memory, the setting that determines its size, and a remedy.
    private struct MemoryPart {
        var key: String
        var value: Int
        var use: String
        var bytes: Double
        var mend: String
    }

    private func memory(for dimensions: PuzzleDimensions, workers: Int) -> [MemoryPart] {
        let layout = ParameterLayout(configuration: architecture, dimensions: dimensions)
        let float = Double(MemoryLayout<Float>.size)
        // The weights and two moments; the workers' gradients are counted separately.
        let copies = Double(3 + (averagesWeights ? 1 : 0))
        let embedding =
            Double(dimensions.puzzleIdentifierCount) * Double(architecture.puzzleEmbeddingSize)
        let positions = Double(architecture.prefixLength + dimensions.sequenceLength)
        let states =
            2 * Double(interleavedBatches) * Double(architecture.hiddenSize)
            * Double(architecture.forwardPrecision.byteCount)
        let logits = Double(dimensions.vocabularySize) * float
        return [
            MemoryPart(
                key: "hidden_size", value: architecture.hiddenSize,
                use: "weights and optimizer", bytes: copies * Double(layout.flatCount) * float,
                mend: "make the model smaller"),
            MemoryPart(
                key: "workers", value: workers, use: "their gradients",
                bytes: Double(workers) * Double(layout.flatCount) * float,
                mend: "use fewer workers, or make the model smaller"),
            MemoryPart(
                key: "num_puzzle_identifiers", value: dimensions.puzzleIdentifierCount,
                use: "the puzzle embedding", bytes: embedding * float,
                mend: "look whether dataset.json is right, or lower puzzle_emb_ndim"),
            MemoryPart(
                key: "global_batch_size", value: globalBatchSize,
                use: "the states and logits of a batch",
                bytes: Double(globalBatchSize) * positions * (states + logits),
                mend: "use a smaller one"),
        ]
    }

    private static func gigabytes(_ bytes: Double) -> String {
        "\((bytes / 1e8).rounded() / 10) GB"
    }
}
