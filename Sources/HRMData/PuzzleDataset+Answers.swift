import HRMFiles

extension PuzzleDataset {
    /// Whether any label counts: without one there is nothing to learn and nothing to measure.
    public var hasCountedLabels: Bool {
        let uncounted =
            [PuzzleBatch.ignoredLabel]
            + [metadata.ignoredLabel].compactMap { $0.flatMap { Int32(exactly: $0) } }
        return sets.contains { set in
            set.labels.firstIndex(outside: 0..<0, except: uncounted) != nil
        }
    }
}
