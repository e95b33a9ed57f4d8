import HRMTensor

/// The cells that a cell of a square board reads in blocks with relations.
public enum BoardRelation: String, Sendable, Codable, Hashable, CaseIterable {
    /// Its row.
    case row
    /// Its column.
    case column
    /// Its box: boxes have as many cells as a row, at least as wide as high, and as square as
    /// possible, as in a Sudoku.
    case box
    /// Its box, for boxes higher than wide: rows and columns of ``box`` exchanged.
    case tallBox = "tall_box"
    /// The cells above, below, left and right of it.
    case neighbours
    /// The cells left and right of it.
    case horizontal
    /// The cells above and below it.
    case vertical
    /// The cell left of it.
    case left
    /// The cell right of it.
    case right
    /// The cell above it.
    case up
    /// The cell below it.
    case down
    /// The whole board.
    case board

    /// Returns the groups of a board.
    ///
    /// - Parameter side: The number of cells in a row.
    /// - Returns: The group that each cell reads; cells are numbered row by row.
    func relation(side: Int) -> PositionRelation {
        let cells = (0..<(side * side)).map { (row: $0 / side, column: $0 % side) }
        switch self {
        case .row: return .init(classes: cells.map(\.row))
        case .column: return .init(classes: cells.map(\.column))
        case .board: return .init(classes: cells.map { _ in 0 })
        case .box, .tallBox:
            let least = Self.boxRows(side: side)
            let rows = self == .box ? least : side / least
            let columns = side / rows
            return .init(
                classes: cells.map { $0.row / rows * (side / columns) + $0.column / columns })
        case .neighbours: return .neighbours(side: side, at: [(-1, 0), (0, -1), (0, 1), (1, 0)])
        case .horizontal: return .neighbours(side: side, at: [(0, -1), (0, 1)])
        case .vertical: return .neighbours(side: side, at: [(-1, 0), (1, 0)])
        case .left: return .neighbours(side: side, at: [(0, -1)])
        case .right: return .neighbours(side: side, at: [(0, 1)])
        case .up: return .neighbours(side: side, at: [(-1, 0)])
        case .down: return .neighbours(side: side, at: [(1, 0)])
        }
    }

    /// Returns the greatest divisor of `side` that is not above its square root.
    static func boxRows(side: Int) -> Int {
        (1...max(1, side)).last { side.isMultiple(of: $0) && $0 * $0 <= side } ?? 1
    }
}

extension PositionRelation {
    /// Returns the relation to the cells at given offsets, where those are on the board.
    fileprivate static func neighbours(
        side: Int, at offsets: [(rows: Int, columns: Int)]
    ) -> Self {
        let board = 0..<side
        let groups = (0..<(side * side)).map { cell in
            offsets
                .map { (row: cell / side + $0.rows, column: cell % side + $0.columns) }
                .filter { board.contains($0.row) && board.contains($0.column) }
                .map { $0.row * side + $0.column }
        }
        return Self(groups: groups, group: Array(groups.indices))
    }
}

extension HRMConfiguration {
    /// Returns the means that are inputs of a block's SwiGLU in addition to the features.
    ///
    /// - Parameter positions: `T`, a square number if there are relations.
    /// - Returns: The means; nil without symbols and relations.
    func pooling(positions: Int) -> FeaturePooling? {
        guard symbolCount > 0 || !relations.isEmpty else { return nil }
        let side = Self.side(of: positions)
        return FeaturePooling(
            symbols: max(1, symbolCount), positions: positions,
            relations: relations.map { $0.relation(side: side) })
    }

    /// Returns the number of cells in a row of a square board; 0 if the positions do not form a
    /// square.
    private static func side(of positions: Int) -> Int {
        let side = Int(Double(positions).squareRoot().rounded())
        return side * side == positions ? side : 0
    }

    /// Checks that a model can be built for data with the given dimensions.
    ///
    /// - Throws: ``ConfigurationError`` with the user-visible key and a value that fits.
    public func validate(for dimensions: PuzzleDimensions) throws(ConfigurationError) {
        try validate()
        if mixesPositions {
            try requireInnerWidth(of: prefixLength + dimensions.sequenceLength)
        }
        guard symbolCount <= dimensions.vocabularySize else {
            throw ConfigurationError(
                key: CodingKeys.symbolCount.rawValue, value: String(symbolCount),
                requirement: "is more than the \(dimensions.vocabularySize) tokens of the data's "
                    + "vocabulary; say how many of its last ones can change places")
        }
        guard !relations.isEmpty else { return }
        func refuse(_ reason: String) -> ConfigurationError {
            ConfigurationError(
                key: CodingKeys.relations.rawValue,
                value: relations.map(\.rawValue).joined(separator: ","), requirement: reason)
        }
        let side = Self.side(of: dimensions.sequenceLength)
        guard side > 0 else {
            throw refuse(
                "is for square boards, and a puzzle of the data has \(dimensions.sequenceLength) "
                    + "cells; use attention or mlp_t=true")
        }
        guard
            !relations.contains(where: { [.box, .tallBox].contains($0) })
                || BoardRelation.boxRows(side: side) > 1
        else {
            throw refuse("has boxes, and a board of side \(side) cannot be cut into any")
        }
    }
}
