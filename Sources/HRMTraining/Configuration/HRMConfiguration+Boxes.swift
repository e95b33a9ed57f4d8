import HRMData
import HRMModel

extension HRMConfiguration {
    /// Refuses relations with boxes of a different shape from the Sudoku's.
    ///
    /// - Parameter task: The task of the data; nil if unknown.
    /// - Throws: `ConfigurationError` with both shapes and the relation that fits.
    func validateBoxes(for task: PuzzleTask?) throws(ConfigurationError) {
        guard case .sudoku(let geometry)? = task, !geometry.isSquare else { return }
        let wrong = geometry.isUsual ? BoardRelation.tallBox : .box
        guard relations.contains(wrong) else { return }
        let (high, wide) = (geometry.boxRows, geometry.boxColumns)
        let fitting = relations(for: geometry).map(\.rawValue)
        throw ConfigurationError(
            key: "relations", value: relations.map(\.rawValue).joined(separator: ","),
            requirement:
                "has '\(wrong.rawValue)', boxes of \(wide) rows and \(high) columns, and the data "
                + "have \(geometry.boxes); use relations=\(fitting.joined(separator: ","))")
    }

    /// The relations with boxes of a Sudoku's shape in the place of others.
    func relations(for geometry: SudokuGeometry) -> [BoardRelation] {
        let right = geometry.isUsual ? BoardRelation.box : .tallBox
        let replaced = relations.map { [.box, .tallBox].contains($0) ? right : $0 }
        return replaced.indices.filter { replaced.firstIndex(of: replaced[$0]) == $0 }
            .map { replaced[$0] }
    }
}
