public import HRMData
import HRMFiles
public import HRMModel

extension TrainingConfiguration {
    /// Returns warnings about settings that presume a different kind of puzzle from the data's.
    ///
    /// Such settings train a model that lacks information about the puzzles' rules, or uses
    /// structure that the puzzles do not have. Settings that make training impossible are not
    /// included: a session refuses them.
    ///
    /// - Parameters:
    ///   - task: The task of the data; nil if unknown.
    ///   - dimensions: The dimensions that the data set determines.
    /// - Returns: One error per warning; none of them prevents training.
    public func doubts(
        about task: PuzzleTask?, dimensions: PuzzleDimensions
    ) -> [ConfigurationError] {
        var doubts: [ConfigurationError?]
        switch task {
        case .sudoku(let geometry): doubts = [missingUnits(of: geometry), otherDigits(geometry)]
        case .maze: doubts = [missingNeighbours, mazeSymbols]
        case .grid(let grid): doubts = [unknownBoxes, otherSymbols(grid), unknownSymmetries]
        case nil: doubts = [unknownBoxes]
        }
        doubts.append(task.flatMap(otherRows))
        doubts.append(indistinct(dimensions.puzzleIdentifierCount - 1))
        return doubts.compactMap { $0 }
    }

    /// Sets the number of cells in a row to that of the data's boards, if the model has relations,
    /// the boards are not square and the number is not set.
    ///
    /// - Parameter task: The task of the data; if nil, nothing changes.
    public mutating func takeBoard(of task: PuzzleTask?) {
        guard let board = task?.board, board.rows != board.columns,
            !architecture.relations.isEmpty, architecture.boardColumns == 0
        else { return }
        architecture.boardColumns = board.columns
    }

    /// Returns a warning about boards whose rows have a different length from the data's.
    private func otherRows(of task: PuzzleTask) -> ConfigurationError? {
        let (own, rows, columns) = (
            architecture.boardColumns, task.board.rows, task.board.columns
        )
        guard !architecture.relations.isEmpty, own == 0 ? rows != columns : own != columns else {
            return nil
        }
        return ConfigurationError(
            key: "board_columns", value: "\(own)",
            requirement: "is for other boards: a row of the puzzles has \(columns.counted("cell"))")
    }

    /// Returns a warning about the relations, unless there are none or they cover the whole board.
    private func relationsDoubt(
        unless fits: ([BoardRelation]) -> Bool, _ reason: String
    ) -> ConfigurationError? {
        let relations = architecture.relations
        guard !relations.isEmpty, !relations.contains(.global), !fits(relations) else { return nil }
        return ConfigurationError(
            key: "relations", value: relations.map(\.rawValue).joined(separator: ","),
            requirement: reason)
    }

    private func symbolsDoubt(if isOdd: Bool, _ reason: String) -> ConfigurationError? {
        guard architecture.symbolCount > 0, isOdd else { return nil }
        return ConfigurationError(
            key: "symbols", value: "\(architecture.symbolCount)", requirement: reason)
    }
}

// MARK: - Sudokus and mazes

extension TrainingConfiguration {
    private func missingUnits(of geometry: SudokuGeometry) -> ConfigurationError? {
        let box = geometry.isUsual ? BoardRelation.box : .tallBox
        return relationsDoubt(
            unless: { relations in
                let hasBoxes = geometry.isSquare && relations.contains(.tallBox)
                return [.row, .column].allSatisfy(relations.contains)
                    && (hasBoxes || relations.contains(box))
            },
            "lacks rows, columns or boxes, in which the digits of a Sudoku exclude each other; "
                + "'--preset sudoku-tiny' is for Sudokus, with relations=row,column,\(box.rawValue)"
        )
    }

    private func otherDigits(_ geometry: SudokuGeometry) -> ConfigurationError? {
        symbolsDoubt(
            if: architecture.symbolCount != geometry.size,
            "is for other puzzles: the \(geometry.size) digits of these Sudokus can change places; set "
                + "symbols=\(geometry.size)")
    }

    private var missingNeighbours: ConfigurationError? {
        let complete: [Set<BoardRelation>] = [
            [.neighbours], [.horizontal, .vertical], [.left, .right, .up, .down],
        ]
        return relationsDoubt(
            unless: { relations in complete.contains { $0.isSubset(of: relations) } },
            "lacks the cells beside a cell, by which a way through a maze goes; '--preset maze-tiny' "
                + "is for mazes, with relations=neighbours")
    }

    private var mazeSymbols: ConfigurationError? {
        symbolsDoubt(
            if: true,
            "lets tokens change places that mean different things in a maze; set symbols=0")
    }
}

// MARK: - Other puzzles

extension TrainingConfiguration {
    private var unknownBoxes: ConfigurationError? {
        relationsDoubt(
            unless: { !$0.contains(.box) && !$0.contains(.tallBox) },
            "has boxes, as Sudokus have, and nothing says that the puzzles in the data have any; "
                + "'--preset grid-tiny' is for puzzles of your own")
    }

    private func otherSymbols(_ grid: GridTask) -> ConfigurationError? {
        symbolsDoubt(
            if: architecture.symbolCount > grid.alphabet.count,
            "is more than the \(grid.alphabet.count.counted("symbol")) of the puzzles; say how many of the last "
                + "ones can change places, or set symbols=0")
    }

    private var unknownSymmetries: ConfigurationError? {
        guard augmentation != .never else { return nil }
        return ConfigurationError(
            key: "augment", value: augmentation.rawValue,
            requirement:
                "turns and flips the puzzles, which is right only where their rules stay the "
                + "same thereby; otherwise set augment=never")
    }

    /// Returns a warning if several puzzles share a model without a puzzle embedding to distinguish
    /// them.
    private func indistinct(_ puzzles: Int) -> ConfigurationError? {
        guard puzzles > 1, architecture.puzzleEmbeddingSize == 0 else { return nil }
        return ConfigurationError(
            key: "puzzle_emb_ndim", value: "0",
            requirement:
                "leaves the model nothing to tell the \(puzzles) puzzles of the data apart by; "
                + "models with attention can have one, as '--preset arc-small' does")
    }
}
