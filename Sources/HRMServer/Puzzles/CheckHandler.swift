import HRMData
import HRMFiles
import HRMInference
import HRMPretrained

/// Tells the board of a text, and what is wrong with it.
struct CheckHandler: Sendable {
    let library: ModelLibrary

    private struct Result {
        var task: PuzzleTask?
        var model: String?
        var board: PuzzleBoard?
        var conflicts: [SudokuContradiction] = []
        var solutions: String?
        var puzzles = 0
        var problem: HTTPError?
    }

    /// Answers `POST /v1/check`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let text = try members.requiredText("puzzle")
        let selection = try PuzzleSelection(&members)
        try members.finish()
        var result = Result()
        do {
            let model = try await selection.model(for: text, in: library)
            result.model = model.entry.identifier
            result.task = model.task
        } catch {
            // A named model must exist; boards without a model can still be checked.
            guard selection.model == nil else { throw error }
            result.task = selection.task
            result.problem = error as? HTTPError
        }
        read(text, &result)
        return .json(Self.members(of: result))
    }

    private func read(_ text: String, _ result: inout Result) {
        let plain = TextDecoder.plain(text)
        guard let task = result.task ?? Self.task(of: plain) else { return }
        result.task = task
        let readings = (try? WrittenPuzzles.readings(of: text, task: task, atMost: 1000)) ?? []
        result.puzzles = readings.count { $0.question != nil }
        if case .sudoku(let geometry) = task {
            let first = readings.count > 1 ? readings[0].text : plain
            guard let board = try? SudokuBoard(written: first, geometry: geometry) else {
                result.problem = SolveHandler.noPuzzle(readings.first?.problem)
                return
            }
            result.board = PuzzleBoard(.sudoku(board))
            result.conflicts = board.contradictions
            result.solutions = Self.solutions(of: board)
            if let contradiction = board.contradiction {
                result.problem = HTTPError(
                    .unprocessableContent, contradiction.description, at: "body.puzzle",
                    remedy: "change one of the cells")
            } else if result.solutions == "none" {
                result.problem = HTTPError(
                    .unprocessableContent, "the puzzle has no solution", at: "body.puzzle",
                    remedy: "change a given")
            }
            return
        }
        result.board = readings.first?.question?.board
        if result.board == nil {
            if case .maze(let size) = task, let maze = try? Maze(parsing: plain, size: size) {
                result.board = PuzzleBoard(.maze(maze))
            }
            result.problem = SolveHandler.noPuzzle(readings.first?.problem)
        }
    }

    /// Returns the boards of a text for which there is no model.
    private static func task(of text: String) -> PuzzleTask? {
        for geometry in SudokuGeometry.all
        where (try? SudokuBoard(written: text, geometry: geometry)) != nil {
            return .sudoku(geometry)
        }
        return (try? Maze(parsing: text)).map { .maze(size: $0.size) }
    }

    private static func solutions(of board: SudokuBoard) -> String? {
        var solver = SudokuSolver(board.geometry)
        return switch solver.solvability(of: board, effort: SudokuSolver.usualEffort) {
        case .contradictory: nil
        case .empty, .several: "several"
        case .unsolvable: "none"
        case .unique: "one"
        case .undecided: "unknown"
        }
    }

    private static func members(of result: Result) -> JSONValue {
        .object([
            "task": result.task?.description ?? .null,
            "model": result.model.map { .text($0) } ?? .null,
            "board": result.board?.members ?? .null,
            "conflicts": .list(result.conflicts.map(\.members)),
            "solutions": result.solutions.map { .text($0) } ?? .null,
            "puzzles": .integer(result.puzzles), "problem": result.problem?.details ?? .null,
        ])
    }
}

extension SudokuContradiction {
    /// The conflict as the interface describes it.
    var members: JSONValue {
        let (name, index) =
            switch unit {
            case .row(let index): ("row", index)
            case .column(let index): ("column", index)
            case .box(let index): ("box", index)
            }
        return .object([
            "cells": .list([.integer(first), .integer(second)]), "what": .text(description),
            "unit": .text(name), "index": .integer(index),
        ])
    }
}
