import HRMData

extension PuzzleBatch {
    /// Returns the share of labelled cells whose label is in the input.
    static func copyAccuracy(inputs: ArraySlice<Int32>, labels: ArraySlice<Int32>) -> Double {
        let labelled = zip(inputs, labels).filter { $1 != ignoredLabel }
        return labelled.isEmpty
            ? 0 : Double(labelled.count { $0 == $1 }) / Double(labelled.count)
    }
}
