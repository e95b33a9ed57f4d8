import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMPerTask
import HRMTensor

/// Solves the ARC tasks of files and folders by learning each of them by itself.
struct LearningSolver {
    /// The number of steps without a change of the attempts that ends the learning.
    static let usualStableSteps = 300

    let options: PerTaskOptions
    let workers: Workers
    let pictures: PictureOptions
    let trace: TraceOptions
    let submission: String?
    let isJSON: Bool

    /// Returns true if the arguments are files of ARC tasks or folders with them.
    static func handles(_ arguments: [String]) -> Bool {
        arguments.contains { argument in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
                return false
            }
            guard isFolder.boolValue else {
                return argument.lowercased().hasSuffix(".json") && !JSONSudokus.areIn(argument)
            }
            do throws(ARCTaskError) {
                _ = try ARCTaskCollection(sources: [URL(fileURLWithPath: argument)])
                return true
            } catch {
                // Tasks that cannot be read are reported when they are solved.
                return error.problem != .noTasks
            }
        }
    }

    /// Solves the tasks of all arguments; an error in one of them does not stop the others.
    ///
    /// - Throws: The exit status, if there was an error or a signal.
    func solve(_ arguments: [String]) throws {
        if let submission { try PictureOptions.check(submission) }
        var stream = isJSON ? JSONStream(list: "tasks") : nil
        var errors = 0
        var tasks: [(task: ARCTask, examples: TaskExamples)] = []
        func refuse(_ message: String) throws {
            errors += 1
            Console.tell("Error: \(message)")
            try stream?.add(.object(["error": .text(message)]))
        }
        for argument in arguments {
            do {
                let found = try ARCTaskCollection(sources: [URL(fileURLWithPath: argument)])
                for note in ARCSourceText.notes(on: found, heldOut: .all) {
                    Console.tell("Note: \(note)")
                }
                for task in found.entries.map(\.task) {
                    do throws(TaskExamplesError) {
                        tasks.append((task, try TaskExamples(task)))
                    } catch {
                        try refuse(Self.explanation(of: "\(error)", argument))
                    }
                }
            } catch let error as ARCTaskError {
                try refuse(Self.explanation(of: "\(error)", argument))
            }
        }
        var sheet = SolvedSheet(pictures)
        var film = LearningFilm(trace)
        var attempts: [(name: String, tests: [[PuzzleGrid]])] = []
        StopSignal.listen()
        try learn(tasks) { solution, history in
            attempts.append(
                (solution.task.name, solution.progress.attempts.map { $0.map(\.grid) }))
            sheet.add(
                ARCPictures.demonstrations(of: solution.task)
                    + ARCPictures.answers(of: solution.task, solution.progress, marks: true))
            film.add(solution.task, history)
            if isJSON {
                try stream?.add(.object(solution.members))
            } else {
                try Console.print(answerText(of: solution), terminator: "")
            }
        }
        let leftOut = tasks.count - attempts.count
        try stream?.finish([
            "errors": .integer(errors), "not_begun": .integer(leftOut),
            "seed": .text(String(options.seed)), "max_steps": .integer(options.steps),
        ])
        try sheet.write()
        try film.write()
        if let submission {
            try AtomicFile.write(
                Data(ARCSubmission(attempts).jsonText.utf8), to: URL(fileURLWithPath: submission))
            Console.tell("Two attempts at each test input are in \(submission)")
        }
        if let signal = StopSignal.current {
            let rest = leftOut > 0 ? "; \(leftOut.grouped("task")) had not begun" : ""
            Console.tell(
                "\(StopSignal.name(of: signal)): the answers are those of the steps so far\(rest)")
            throw ExitCode(StopSignal.exitStatus(of: signal))
        }
        if errors > 0 { throw ExitCode(ExitStatus.failed) }
    }

    /// Learns tasks at the same time and reports the answers in order.
    private func learn(
        _ tasks: [(task: ARCTask, examples: TaskExamples)],
        report: (PerTaskSolution, [PerTaskProgress]) throws -> Void
    ) throws {
        let solver = PerTaskSolver(options: options, workers: workers)
        let board = LearningBoard(count: tasks.count, keepsHistory: trace.animation != nil)
        for (index, entry) in tasks.enumerated() {
            let isAccepted = solver.start(
                entry.task, entry.examples, observer: board.observer(of: index),
                shouldStop: { StopSignal.current != nil },
                finish: { board.finish(index, $0) })
            guard isAccepted else { throw PerTaskError.noThread }
        }
        var display = LearningDisplay()
        defer { display.clear() }
        for (index, entry) in tasks.enumerated() {
            let activity = tasks.count > 1 ? "task \(index + 1) of \(tasks.count)" : nil
            while true {
                let state = board.entry(index)
                if state.isFinished {
                    display.clear()
                    if let solution = state.solution { try report(solution, state.history) }
                    break
                }
                if let progress = state.progress {
                    display.show(entry.task, progress, activity: activity)
                }
                board.wait()
            }
        }
    }

    /// Returns an error with the remedy for files of other puzzles.
    private static func explanation(of error: String, _ argument: String) -> String {
        error
            + "; \(argument) is taken for ARC tasks: for another kind of puzzle, name its model with "
            + "--checkpoint"
    }

    /// Returns pictures on a terminal with colours, else digits.
    private func answerText(of solution: PerTaskSolution) -> String {
        guard Console.hasColor else { return LearnedTaskText.text(of: solution) }
        let sheet = PictureSheet(
            rows: ARCPictures.answers(of: solution.task, solution.progress, marks: true))
        return LearnedTaskText.text(of: solution, showsGrids: false) + "\n"
            + sheet.text(width: Console.width, color: true) + "\n"
    }
}
