import ArgumentParser
import Foundation
import HRM
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTraining

/// Prints answers and errors one at a time, and draws the pictures at the end.
struct SolutionWriter {
    private let showsPictures: Bool
    /// True if answers are drawn as text boards.
    private let showsBoards: Bool
    /// True if traces are printed, not only drawn.
    private let showsTrace: Bool
    private let plan: InferenceOptions
    private let start = ContinuousClock.now
    private var json: JSONStream?
    private var sheet: SolvedSheet?
    private var traces: TraceSheet?
    private var solved = 0
    private var refused = 0

    /// - Parameters:
    ///   - plan: The inference options.
    ///   - pictures: The options for picture files.
    ///   - model: The model.
    ///   - task: The model's task.
    ///   - trace: The options for traces; if there are traces, pictures show them.
    ///   - isJSON: True to print one JSON object.
    /// - Throws: ``CommandError`` if traces cannot be drawn.
    init(
        plan: InferenceOptions, pictures: PictureOptions, model: HierarchicalReasoningModel,
        task: PuzzleTask, trace: TraceOptions, isJSON: Bool
    ) throws {
        self.plan = plan
        let isPictorial = task.isPictorial
        showsPictures = isPictorial && Console.hasColor
        showsBoards = !isPictorial && isatty(STDOUT_FILENO) == 1
        showsTrace = trace.trace != nil
        json = isJSON ? JSONStream(list: "puzzles") : nil
        if trace.areWanted {
            traces = try TraceSheet(trace, pictures: pictures, model: model, task: task)
        } else {
            sheet = SolvedSheet(pictures)
        }
    }

    /// Prints an answer.
    ///
    /// - Parameters:
    ///   - puzzle: The puzzle.
    ///   - trace: The trace of the answer, if it is shown.
    ///   - place: The origin of the puzzle.
    /// - Throws: ``CommandError`` if writing fails.
    mutating func write(
        _ puzzle: SolvedPuzzle, trace: TracedPuzzle? = nil, place: PuzzlePlace
    ) throws {
        solved += 1
        if let trace { traces?.add(trace) }
        if sheet?.isWanted == true { sheet?.add([puzzle.panels]) }
        if json != nil {
            var members = puzzle.members.merging(place.members) { $1 }
            if showsTrace { members["trace"] = trace?.members }
            try json?.add(.object(members))
            return
        }
        if showsTrace, let trace { try Console.print(trace.text) }
        if showsPictures {
            let picture = PictureSheet(rows: [puzzle.panels])
            try Console.print(picture.text(width: Console.width, color: true) + puzzle.summary)
        } else if showsBoards {
            let board = TerminalBoard(puzzle.answer.content).text(color: Console.hasColor)
            try Console.print(board + puzzle.summary)
        } else {
            try Console.print(puzzle.line)
        }
    }

    /// Reports an invalid input, and records that there was an error.
    ///
    /// - Parameters:
    ///   - message: One sentence.
    ///   - puzzle: The invalid text, if there is one.
    ///   - place: The origin of the input.
    /// - Throws: ``CommandError`` if writing fails.
    mutating func refuse(_ message: String, puzzle: String?, place: PuzzlePlace) throws {
        refused += 1
        Console.tell("Error: \(message)")
        var members = place.members
        members["error"] = .text(message)
        members["puzzle"] = puzzle.map { .text($0) } ?? .null
        try json?.add(.object(members))
    }

    /// Prints the end of the JSON object, and draws the pictures if requested.
    ///
    /// - Throws: The exit status, if there was an error.
    func finish() throws {
        try json?.finish([
            "count": .integer(solved),
            "errors": .integer(refused),
            "plan": plan.members,
            "seconds": .number((ContinuousClock.now - start).seconds),
            "steps": .integer(plan.maxSteps),
        ])
        try sheet?.write()
        try traces?.write()
        if refused > 0 { throw ExitCode(ExitStatus.failed) }
    }
}
