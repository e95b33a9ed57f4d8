import HRMFiles

extension PuzzleDataset {
    /// True if at least one label counts; a split without one can be neither trained nor evaluated
    /// on.
    public var hasCountedLabels: Bool {
        let uncounted =
            [PuzzleBatch.ignoredLabel]
            + [metadata.ignoredLabel].compactMap { $0.flatMap { Int32(exactly: $0) } }
        return sets.contains { set in
            set.labels.firstIndex(outside: 0..<0, except: uncounted) != nil
        }
    }
}
