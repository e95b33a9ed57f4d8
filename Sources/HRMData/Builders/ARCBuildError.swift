import HRMFiles

/// An error in building a data set of ARC tasks.
public enum ARCBuildError: Error, Equatable, Sendable {
    /// The folder or a file in it cannot be written.
    case dataset(DatasetError)
    /// The test pairs of evaluation tasks are to be held out, but there are no evaluation tasks.
    case noEvaluationTasks
    /// The number of examples may exceed the range of the format's offsets.
    case tooManyExamples(Int)
    /// No task, or no evaluation task, is left.
    case nothingFits(size: Int, of: Int)
}

extension ARCBuildError: CustomStringConvertible {
    /// A sentence that states the problem and the remedy.
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
