import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel

/// The members of the steps of a puzzle's attempts.
struct ThoughtText {
    private let question: PuzzleQuestion
    private let initialCandidates: [Int32]
    private var attempt = -1
    private var board: PuzzleBoard
    private var candidates: [Int32] = []

    /// Creates the text of a puzzle's steps.
    init(question: PuzzleQuestion, model: HierarchicalReasoningModel) {
        self.question = question
        board = question.board
        initialCandidates =
            model.configuration.readsCandidates
            ? CandidateSets(
                of: question.tokens, symbols: model.configuration.symbolCount,
                vocabularySize: model.dimensions.vocabularySize
            ).cells : []
    }

    /// Returns the members of the next step.
    mutating func members(of traced: TracedStep) -> JSONValue {
        if traced.attempt != attempt {
            attempt = traced.attempt
            board = question.board
            candidates = initialCandidates
        }
        let reading = traced.step.reading
        let answer = question.answer(reading.tokens)
        let now = answer.board
        let changed = now.cells(differingFrom: board)
        board = now
        var members = Self.board(of: answer)
        members["attempt"] = .integer(traced.attempt)
        members["step"] = .integer(traced.step.step)
        members["board"] = .text(now.description)
        members["changed"] = .list(changed.sorted().map { .integer($0) })
        members["entropy"] = .list(
            reading.entropy.map { .number(($0 * 1e6).rounded() / 1e6) })
        members["mean_entropy"] = .number(reading.meanEntropy)
        members["confidence"] = .number(reading.confidence)
        members["q_halt"] = .number(Double(reading.qHalt))
        members["q_continue"] = .number(Double(reading.qContinue))
        members["high_change"] = .number(traced.step.highChange)
        members["low_change"] = traced.step.lowChange.map { .number($0) } ?? .null
        members["valid"] = answer.isValid.map { .flag($0) } ?? .null
        members["search"] = search(traced)
        return .object(members)
    }

    /// Returns the cells of an answer, and those that break the rules.
    static func board(of answer: PuzzleAnswer) -> [String: JSONValue] {
        let board = answer.board
        return [
            "cells": .list(board.cells.map { .text($0) }), "rows": .integer(board.rows),
            "columns": .integer(board.columns),
            "wrong": .list(answer.wrongCells.sorted().map { .integer($0) }),
        ]
    }

    private mutating func search(_ traced: TracedStep) -> JSONValue {
        guard let event = traced.event, let after = traced.candidates else { return .null }
        let before = candidates
        candidates = after
        var members: [String: JSONValue] = [
            "struck": .list([]), "pinned": .null,
            "returned": Self.pairs(in: after, without: before),
            "pins_taken_back": .integer(0), "pins": .integer(traced.pins),
            "candidates": .list(after.map { .integer(Int($0)) }),
        ]
        switch event {
        case .strikes:
            members["kind"] = .text("strikes")
            members["struck"] = Self.pairs(in: before, without: after)
        case .pin(let cell, _):
            members["kind"] = .text("pin")
            members["pinned"] = .list(
                [.integer(cell), .integer(after[cell].trailingZeroBitCount)])
        case .contradiction(let count):
            members["kind"] = .text("contradiction")
            members["pins_taken_back"] = .integer(count)
            members["struck"] = Self.pairs(in: before, without: after)
        case .thought: members["kind"] = .text("thought")
        case .check: members["kind"] = .text("check")
        case .answer: members["kind"] = .text("answer")
        }
        return .object(members)
    }

    /// Returns the cells and symbols that one state has and another one has not.
    private static func pairs(in one: [Int32], without other: [Int32]) -> JSONValue {
        guard one.count == other.count else { return .list([]) }
        return .list(
            one.indices.flatMap { cell -> [JSONValue] in
                var rest = UInt32(bitPattern: one[cell] & ~other[cell])
                var pairs: [JSONValue] = []
                while rest != 0 {
                    pairs.append(.list([.integer(cell), .integer(rest.trailingZeroBitCount)]))
                    rest &= rest - 1
                }
                return pairs
            })
    }
}
