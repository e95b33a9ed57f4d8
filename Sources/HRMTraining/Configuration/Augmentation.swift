/// When a puzzle is shown as a random image of itself under the symmetries of its task.
public enum Augmentation: String, Sendable, Hashable, CaseIterable {
    /// The puzzles of the data set are shown as they are.
    case never
    /// Each time a puzzle begins.
    case puzzle
    /// Besides, before every further segment its cells move to other places, and what is thought about
    /// each of them moves along.
    ///
    /// A puzzle has up to `halt_max_steps` updates in a row; so no two of them are about the same image,
    /// and there is nothing in a single image to be learned by heart.
    case segment
}
