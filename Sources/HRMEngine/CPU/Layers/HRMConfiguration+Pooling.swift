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
            relations: cellGroups(positions: positions).map(PositionRelation.init))
    }
}

extension PositionRelation {
    /// Creates the relation of the positions to their groups of cells.
    init(_ groups: CellGroups) {
        self.init(groups: groups.groups, group: groups.group)
    }
}
