/// The part of a session that generation needs.
package protocol TokenPredictor: AnyObject {
    /// The number of sequences at the same time.
    var rowCount: Int { get }
    /// The largest number of tokens of a sequence.
    var capacity: Int { get }
    /// Starts a sequence in a row, and returns the logits of its last position.
    func refill(_ row: Int, with content: TextRow) throws(TextSessionError) -> [Float]
    /// Appends one token to each row with a sequence, in increasing order, and returns the logits.
    func decode(_ ids: [Int32]) throws(TextSessionError) -> [[Float]]
    /// Appends tokens to a row, and returns the logits of the last one.
    func extend(_ row: Int, with ids: [Int32]) throws(TextSessionError) -> [Float]
    /// Ends the sequence of a row.
    func finish(_ row: Int)
}

extension TextSession: TokenPredictor {
    package var rowCount: Int { lengths.count }
}
