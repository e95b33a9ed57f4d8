import HRMData
import HRMFigures
import HRMFiles

extension Int {
    /// Returns the count with grouped thousands and its noun: "1 task", "1,500 tasks".
    ///
    /// - Parameters:
    ///   - one: The noun for one.
    ///   - many: The noun for any other count; `one` with an "s" if nil.
    /// - Returns: The count and the noun.
    func grouped(_ one: String, _ many: String? = nil) -> String {
        "\(NumberText.grouped(self)) \(word(one, many))"
    }
}
