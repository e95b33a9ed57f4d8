/// The input of one symbol of one cell.
package enum CandidateStatus {
    /// The number of different inputs.
    package static let count = 5

    /// Returns the input of a symbol: 0 if it is struck, else the number of candidates in its cell,
    /// 4 standing for that many or more.
    package static func of(symbol: Int, in set: Int32) -> Int {
        guard set >> Int32(symbol) & 1 == 1 else { return 0 }
        return min(set.nonzeroBitCount, count - 1)
    }
}
