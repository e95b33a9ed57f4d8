import HRMTensor

extension TextRow {
    /// The places of the members of the bidirectional block.
    ///
    /// - Parameter hasPrefixAttention: False if types have no effect.
    /// - Returns: True for each member.
    func members(hasPrefixAttention: Bool) -> [Bool] {
        ids.indices.map { place in
            hasPrefixAttention && !types.isEmpty && types[place] == 1 && mask?[place] != 0
        }
    }

    /// Returns the places that each token of a row sees in a first call.
    ///
    /// Place i sees place j of the same sample if j is not padding, and j ≤ i or both tokens have
    /// type 1.
    ///
    /// - Parameter hasPrefixAttention: False if types have no effect.
    /// - Returns: The visibility of all tokens.
    func visibility(hasPrefixAttention: Bool) -> ContextVisibility {
        var result = ContextVisibility()
        let isMember = members(hasPrefixAttention: hasPrefixAttention)
        // Ranges of keys suffice without padding, if each sample's block has no gaps.
        var needsTable = mask?.contains(0) ?? false
        for sample in samples {
            let block = sample.filter { isMember[$0] }
            let end = (block.last ?? -1) + 1
            if let first = block.first, end - first != block.count { needsTable = true }
            for place in sample {
                result.append(
                    first: sample.lowerBound, own: place,
                    end: isMember[place] ? end : place + 1)
            }
        }
        if needsTable {
            result.hide(past: ids.indices.map { mask?[$0] == 0 }, future: isMember.map { !$0 })
        }
        return result
    }
}
