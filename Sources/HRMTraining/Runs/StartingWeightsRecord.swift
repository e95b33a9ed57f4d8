/// The record of the starting weights in `run.json`.
package struct StartingWeightsRecord: Sendable, Hashable, Codable {
    /// The file or run folder, as written in the configuration.
    package var path: String
    /// The SHA-256 digest of the weights file, in hexadecimal.
    package var digest: String
    /// True if the rows of the puzzle embedding were reset.
    package var resetsPuzzleEmbedding: Bool

    enum CodingKeys: String, CodingKey {
        case path
        case digest = "sha256"
        case resetsPuzzleEmbedding = "resets_puzzle_embedding"
    }
}
