import HRMFiles

extension MazeSize {
    /// The size with its article, such as "an 8×12".
    var withArticle: String { "\(rows.article) \(self)" }
}
