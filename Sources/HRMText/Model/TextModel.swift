public import Foundation
package import HRMTensor

/// A text model with two loops: its configuration and its weights, which never change.
///
/// ``TextModel/load(folder:options:)`` reads the folder that `save_pretrained` writes.
public final class TextModel: Sendable {
    /// The extents and constants, corrected by the tensors' shapes.
    public let configuration: TextConfiguration
    /// Statements about disagreements between `config.json` and the tensors, and about members that
    /// have no effect.
    public let remarks: [String]

    init(configuration: TextConfiguration, remarks: [String]) {
        self.configuration = configuration
        self.remarks = remarks
    }
}

extension TextModel {
    /// Loads a model.
    ///
    /// - Parameters:
    ///   - folder: A folder with `config.json`, and `model.safetensors` or
    ///     `model.safetensors.index.json` with its shards.
    ///   - options: The number format and the workers.
    /// - Returns: The model.
    /// - Throws: ``TextModelError`` with the file, the problem and the remedy.
    public static func load(
        folder: URL, options: TextModelOptions = TextModelOptions()
    ) throws(TextModelError) -> TextModel {
        throw .file(path: folder.path, reason: "not implemented yet")
    }

    /// Returns the logits of a whole sequence, without a cache.
    ///
    /// - Parameters:
    ///   - row: The tokens and their types.
    ///   - positions: The positions whose logits are needed; nil for all. Position t predicts
    ///     token t + 1.
    /// - Returns: For each of these positions, a logit for each token of the vocabulary.
    /// - Throws: ``TextSessionError`` for tokens outside the vocabulary.
    package func logits(
        of row: TextRow, positions: Range<Int>? = nil
    ) throws(TextSessionError) -> [[Float]] {
        []
    }
}
