import ArgumentParser
import Foundation
import HRM
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// The options of `hrm solve` for ARC tasks.
struct ARCSolveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder that a model of ARC tasks was trained on; needed if the run "
                + "folder has no identifiers.json.",
            valueName: "folder"))
    var data: String?
    @Option(
        help: ArgumentHelp(
            "Write two attempts at each test input of ARC tasks into a file, in the competition's "
                + "format.",
            valueName: "file"))
    var submission: String?
}

/// Solves the ARC tasks of files, and prints the attempts.
struct TaskSolver {
    private let solver: ARCSolver
    private let engines: any EngineProvider
    private let pictures: PictureOptions
    private let trace: TraceOptions
    private let isJSON: Bool

    /// Returns true if the arguments are files of ARC tasks; other JSON may hold custom grids.
    static func handles(_ puzzles: [String], task: PuzzleTask?) -> Bool {
        if case .grid = task { return false }
        let isSudoku = if case .sudoku = task { true } else { false }
        return puzzles.contains { $0.hasSuffix(".json") && !(isSudoku && JSONSudokus.areIn($0)) }
    }

    /// - Throws: An error if the model is not for ARC tasks, or the names of its training tasks are
    ///   not found.
    init(
        model: HierarchicalReasoningModel, checkpoint: String, options: ARCSolveOptions,
        thinking: ThinkingOptions, workers: Workers, engines: any EngineProvider,
        pictures: PictureOptions, trace: TraceOptions,
        isJSON: Bool
    ) throws {
        let data = options.data.map { URL(fileURLWithPath: $0) }
        do {
            var solver = try ARCSolver(
                model, namesIn: data ?? ModelFile.folder(of: URL(fileURLWithPath: checkpoint)),
                votes: thinking.votes ?? ARCSolver.defaultVotes,
                plan: thinking.plan(otherwise: .asTrained(model), for: model), workers: workers)
            solver.engines = engines
            self.solver = solver
        } catch ARCSolverError.otherModel(let dimensions) {
            throw CommandError(
                "\(checkpoint) is a model for \(dimensions.sequenceLength.counted("cell")) of "
                    + "\(dimensions.vocabularySize.counted("token")), not for ARC tasks; use a model that "
                    + "was trained on data from 'hrm prepare arc'")
        } catch ARCSolverError.namesMissing(let path) where data == nil {
            throw CommandError(
                "which tasks \(checkpoint) was trained on is unknown: there is no \(path); "
                    + "name its data folder with --data")
        }
        self.engines = engines
        self.pictures = pictures
        self.trace = trace
        self.isJSON = isJSON
    }

    /// Solves the tasks of all files; an error in one file does not stop the others.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - submission: The file for two attempts at each test input.
    /// - Throws: The exit status, if there was an error.
    func solve(_ files: [String], submission: String? = nil) throws {
        if let submission { try PictureOptions.check(submission) }
        var attempts: [(name: String, tests: [[PuzzleGrid]])] = []
        var stream = isJSON ? JSONStream(list: "tasks") : nil
        var errors = 0
        var sheet = SolvedSheet(pictures)
        var traceSheet =
            trace.areWanted
            ? try TraceSheet(trace, pictures: pictures, model: solver.model) : nil
        func refuse(_ error: any Error) throws {
            errors += 1
            Console.tell("Error: \(error)")
            try stream?.add(.object(["error": .text("\(error)")]))
        }
        for file in files {
            let tasks: ARCTaskCollection
            do {
                tasks = try ARCTaskCollection(sources: [URL(fileURLWithPath: file)])
            } catch {
                try refuse(error)
                continue
            }
            for task in tasks.entries.map(\.task) {
                let vote: ARCVote
                let identifier: Int
                do {
                    identifier = try solver.identifiers(of: task)[0]
                    vote = try self.vote(on: task)
                } catch let error as ARCSolverError {
                    try refuse(error)
                    continue
                }
                attempts.append(
                    (
                        task.name,
                        vote.answers(toTask: 0).map { $0.attempts.map(\.grid) }
                    ))
                let traces = trace.areWanted ? try traces(of: task, identifier: identifier) : []
                for traced in traces { traceSheet?.add(traced) }
                if !trace.areWanted {
                    sheet.add(
                        ARCPictures.demonstrations(of: task)
                            + ARCPictures.answers(of: vote, task: 0))
                }
                if isJSON {
                    var members = ARCAnswerText.members(of: vote)
                    if trace.trace != nil { members["traces"] = .list(traces.map(\.members)) }
                    try stream?.add(.object(members))
                } else {
                    if trace.trace != nil {
                        try Console.print(
                            ARCTraceText.text(of: traces, task: task, canvas: solver.canvas),
                            terminator: "")
                    }
                    try Console.print(answerText(of: vote), terminator: "")
                }
            }
        }
        try stream?.finish(["errors": .integer(errors)])
        if trace.areWanted { try traceSheet?.write() } else { try sheet.write() }
        if let submission {
            try AtomicFile.write(
                Data(ARCSubmission(attempts).jsonText.utf8), to: URL(fileURLWithPath: submission))
            Console.tell("Two attempts at each test input are in \(submission)")
        }
        if errors > 0 { throw ExitCode(ExitStatus.failed) }
    }

    /// Returns pictures on a terminal with colours, else digits.
    private func answerText(of vote: ARCVote) -> String {
        guard Console.hasColor else { return ARCAnswerText.text(of: vote) }
        let sheet = PictureSheet(rows: ARCPictures.answers(of: vote, task: 0))
        return ARCAnswerText.text(of: vote, showsGrids: false) + "\n"
            + sheet.text(width: Console.width, color: true) + "\n"
    }

    private func vote(on task: ARCTask) throws -> ARCVote {
        var progress = ProgressDisplay()
        defer { progress.clear() }
        return try solver.solve(task) { answered, total in
            progress.show { _ in
                ProgressBar(fraction: answered / Double(total), step: Int(answered))
            }
        }
    }

    /// The model's thoughts about the task as it is, one trace a test input.
    private func traces(of task: ARCTask, identifier: Int) throws -> [TracedPuzzle] {
        let tracer = ThinkingTracer(
            engine: try engines.inferenceEngine(of: solver.model, slotCount: 1))
        return try task.tests.map { test in
            let question = PuzzleQuestion(
                test, canvas: solver.canvas, identifier: identifier)
            return TracedPuzzle(
                question: question,
                trace: try tracer.trace(
                    tokens: question.tokens, puzzleIdentifier: question.identifier,
                    detail: trace.detail, maxSteps: solver.plan.maxSteps))
        }
    }
}
