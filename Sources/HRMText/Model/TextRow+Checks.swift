extension TextRow {
    /// The largest position, which bounds the tables of angles.
    static let positionLimit = 1 << 22

    /// Throws unless the row can be given to a model.
    func check(vocabularySize: Int) throws(TextSessionError) {
        guard !ids.isEmpty else { throw .emptyRow }
        if let id = ids.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
            throw .unknownToken(id: id, vocabularySize: vocabularySize)
        }
        for list in [types.isEmpty ? nil : types, positions, mask].compactMap(\.self) {
            guard list.count == ids.count else {
                throw .typeCount(tokens: ids.count, types: list.count)
            }
        }
        if let position = positions?.first(where: { $0 < 0 || Int($0) >= Self.positionLimit }) {
            throw .position(Int(position), limit: Self.positionLimit)
        }
    }

    /// The samples of a packed row.
    var samples: [Range<Int>] {
        // Padding has no positions of its own, so its rows are not divided.
        guard let positions, mask == nil else { return [0..<ids.count] }
        var result: [Range<Int>] = []
        var first = 0
        for place in ids.indices.dropFirst() where positions[place] != positions[place - 1] &+ 1 {
            result.append(first..<place)
            first = place
        }
        result.append(first..<ids.count)
        return result
    }
}
