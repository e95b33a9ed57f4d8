import HRMData
import HRMFigures
import HRMFiles

extension Int {
    /// The count with its noun, thousands apart: "1 task", "1,500 tasks".
    ///
    /// - Parameters:
    ///   - one: The noun for one.
    ///   - many: The noun for any other count; `one` with an "s" unless given.
    /// - Returns: Both.
    func grouped(_ one: String, _ many: String? = nil) -> String {
        "\(NumberText.grouped(self)) \(word(one, many))"
    }
}
