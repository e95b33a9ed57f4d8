/// The points in training at which a puzzle is replaced by a random image under its task's
/// symmetries.
public enum Augmentation: String, Sendable, Hashable, CaseIterable {
    /// Never: the puzzles of the data set are used unchanged.
    case never
    /// Whenever a puzzle enters the batch.
    case puzzle
    /// Whenever a puzzle enters the batch, and again before each further segment; the hidden states
    /// are permuted together with the cells.
    ///
    /// A puzzle gets up to `halt_max_steps` consecutive updates; no two of them use the same image,
    /// so a single image cannot be memorized.
    case segment
}
