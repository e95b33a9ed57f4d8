/// Why a data set of ARC tasks could not be built.
public enum ARCBuildError: Error, Equatable, Sendable {
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// The test pairs of evaluation tasks are wanted, but there are no such tasks.
    case noEvaluationTasks
    /// There may be more examples than the offsets of the format can count.
    case tooManyExamples(Int)
    /// No task, or none that is measured on, is left.
    case nothingFits(size: Int, of: Int)
}

extension ARCBuildError: CustomStringConvertible {
    /// One sentence: what is wrong, and how to mend it.
    public var description: String {
        switch self {
        case .dataset(let error): error.description
        case .noEvaluationTasks:
            "there is no evaluation task: no name of a source, or of a folder or file in one, has a "
                + "word such as 'evaluation', 'validation' or 'test'; name the sources to measure on "
                + "with --evaluation, or hold out the test pairs of all tasks with --test all"
        case .tooManyExamples(let count):
            "there may be \(count) examples, more than \(Int32.max), the most that the format can "
                + "count; use fewer tasks or augmentations"
        case .nothingFits(let size, let count):
            "of \(count.counted("task")) none that can be measured on fits on a canvas of \(size)×\(size); "
                + "use a larger one"
        }
    }
}
