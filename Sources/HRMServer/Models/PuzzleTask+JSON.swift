import HRMData
import HRMFiles

extension PuzzleTask {
    /// The task as the interface describes it.
    var description: JSONValue {
        var members: [String: JSONValue] = [
            "rows": .integer(board.rows), "columns": .integer(board.columns),
        ]
        switch self {
        case .sudoku(let geometry):
            members["kind"] = .text("sudoku")
            members["box_rows"] = .integer(geometry.boxRows)
            members["box_columns"] = .integer(geometry.boxColumns)
        case .maze: members["kind"] = .text("maze")
        case .grid(let task):
            members["kind"] = .text("grid")
            members["symbols"] = .list(
                (0..<task.alphabet.count).map { .text(task.alphabet.text(UInt8($0))) })
        }
        return .object(members)
    }

    /// Reads a task in a request: a Sudoku by its boxes or size, or a maze by its size.
    ///
    /// - Throws: ``HTTPError`` with the member.
    init(_ members: RequestMembers) throws(HTTPError) {
        enum Kind: String, CaseIterable { case sudoku, maze, grid, arc }
        var members = members
        let kind = try members.choice("kind", of: Kind.self)
        let rows = try members.integer("rows", in: 1...128)
        let columns = try members.integer("columns", in: 1...128)
        let boxRows = try members.integer("box_rows", in: 1...9)
        let boxColumns = try members.integer("box_columns", in: 1...9)
        _ = members.any("symbols")
        try members.finish()
        switch kind {
        case .sudoku:
            let geometry =
                if let boxRows, let boxColumns {
                    try? SudokuGeometry(boxRows: boxRows, boxColumns: boxColumns)
                } else {
                    try? SudokuGeometry(size: rows ?? 0)
                }
            guard let geometry, rows ?? geometry.size == geometry.size,
                columns ?? geometry.size == geometry.size
            else {
                throw members.problem(
                    "box_rows", "there is no Sudoku of this size or with these boxes",
                    remedy: "use 4, 6, 8 or 9 rows and boxes that fit")
            }
            self = .sudoku(geometry)
        case .maze:
            let size = MazeSize(rows: rows ?? 0, columns: columns ?? 0)
            guard size.isAccepted else {
                throw members.problem(
                    "rows", "there is no maze of this size", remedy: "use 2 to 128 rows and columns"
                )
            }
            self = .maze(size: size)
        case .grid, .arc, nil:
            throw members.problem(
                "kind", "it is no kind of board that can be chosen",
                remedy: "use 'sudoku' or 'maze', or name a model instead")
        }
    }
}

extension PuzzleBoard {
    /// The board as the interface describes it.
    var members: JSONValue {
        .object([
            "text": .text(description), "rows": .integer(rows), "columns": .integer(columns),
            "cells": .list(cells.map { .text($0) }),
        ])
    }
}
