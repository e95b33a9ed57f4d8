import HRMModel
import HRMTensor

extension HRMConfiguration {
    /// Returns the means that are inputs of a block's SwiGLU in addition to the features.
    ///
    /// - Parameter positions: `T`, a square number if there are relations.
    /// - Returns: The means; nil without symbols and relations.
    func pooling(positions: Int) -> FeaturePooling? {
        guard symbolCount > 0 || !relations.isEmpty else { return nil }
        return FeaturePooling(
            symbols: max(1, symbolCount), positions: positions,
            relations: cellGroups(positions: positions).map {
                PositionRelation(groups: $0.groups, group: $0.group)
            })
    }
}
