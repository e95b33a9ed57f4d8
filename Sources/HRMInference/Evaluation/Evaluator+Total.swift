import HRMModel

extension Evaluator.Report {
    /// Returns one report for several sets, with equal weight for every puzzle.
    ///
    /// - Parameters:
    ///   - reports: Reports of different sets.
    ///   - name: The name of the combined report.
    /// - Returns: The combined report.
    public static func total(of reports: [Self], named name: String) -> Self {
        var total = Self(setName: name, metrics: StepMetrics(), copyAccuracy: 0)
        for report in reports {
            total.metrics += report.metrics
            total.copyAccuracy += report.copyAccuracy * Double(report.metrics.count)
            if let valid = report.validCount {
                total.validCount = (total.validCount ?? 0) + valid
            }
            if let accepted = report.accepted {
                let before = total.accepted?.count ?? 0
                total.accepted = .init(name: accepted.name, count: before + accepted.count)
            }
        }
        total.copyAccuracy /= Double(max(1, total.metrics.count))
        return total
    }
}
