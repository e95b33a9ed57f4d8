/// The rule by which two of the candidates become the attempts.
public enum AttemptRule: String, Sendable, Hashable, CaseIterable {
    /// The two candidates with the largest totals.
    case largest
    /// The same, except that the second attempt remains a copy of the first until a candidate
    /// reaches the total of the first one ever given, as in the published runs.
    case published
}

/// The unit in which candidates are compared; it matters for tasks with several test inputs.
public enum CandidateUnit: String, Sendable, Hashable, CaseIterable {
    /// The answers to all test inputs together, as in the published runs.
    case task
    /// The answers to each test input on its own.
    case output
}
