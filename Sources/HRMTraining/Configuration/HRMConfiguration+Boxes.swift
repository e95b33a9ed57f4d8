import HRMData
import HRMModel

extension HRMConfiguration {
    /// Refuses relations with boxes of a different shape from the Sudoku's.
    ///
    /// - Parameter task: The task of the data; nil if unknown.
    /// - Throws: `ConfigurationError` with both shapes and the relation that fits.
    func validateBoxes(for task: PuzzleTask?) throws(ConfigurationError) {
        guard case .sudoku(let geometry)? = task, !geometry.isSquare else { return }
        let (wrong, right): (BoardRelation, BoardRelation) =
            geometry.isUsual ? (.tallBox, .box) : (.box, .tallBox)
        guard relations.contains(wrong) else { return }
        let (high, wide) = (geometry.boxRows, geometry.boxColumns)
        let fitting = relations.map { $0 == wrong ? right : $0 }.map(\.rawValue)
        throw ConfigurationError(
            key: "relations", value: relations.map(\.rawValue).joined(separator: ","),
            requirement:
                "has '\(wrong.rawValue)', boxes of \(wide) rows and \(high) columns, and the data "
                + "have \(geometry.boxes); use relations=\(fitting.joined(separator: ","))")
    }
}
