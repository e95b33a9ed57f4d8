import HRMModel

extension Evaluator.Report {
    /// One report for several sets, every puzzle with equal weight.
    ///
    /// - Parameters:
    ///   - reports: Reports of different sets.
    ///   - name: What to call them together.
    /// - Returns: The report for all.
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
