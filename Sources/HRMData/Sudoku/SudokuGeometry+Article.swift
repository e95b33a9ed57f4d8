import HRMFiles

extension SudokuGeometry {
    /// The size with its article, such as "an 8×8".
    var withArticle: String { "\(size.article) \(self)" }
}
