import ArgumentParser
import Dispatch
import Foundation
import HRMData
import HRMFiles
import HRMInference
import HRMPretrained
import HRMServer
import Synchronization

/// The command `hrm trace`.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Write a file that replays how a model solves puzzles.",
        discussion: """
            The file has everything in it: it opens in any browser, without a server and without \
            network, and can be sent to somebody. A slider shows each thinking step, with the cells \
            that change, the model's confidence, the entropy of the cells and the movement of both \
            states; of a search model, also what is struck and pinned.

            Puzzles and --checkpoint are those of 'hrm solve'. At most 100 puzzles are recorded. \
            'hrm solve --trace' prints the steps instead, and draws them as pictures.
            """)

    /// The largest number of puzzles in a file.
    static let mostPuzzles = 100

    @Option(
        help: ArgumentHelp(
            "A run folder of 'hrm train', a weights file, or the name of a model that comes with "
                + "hrm; by default one of those, selected by the first puzzle.", valueName: "path"))
    var checkpoint: String?
    @OptionGroup var precision: PrecisionOptions
    @Argument(
        help: ArgumentHelp(
            "Puzzles, or files with puzzles; '-', or no argument, reads standard input.",
            valueName: "puzzle"))
    var puzzles: [String] = []
    @OptionGroup var thinking: ThinkingOptions
    @OptionGroup var workers: WorkerOptions
    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var html: String

    func run() throws {
        try PictureOptions.check(html)
        let arguments = puzzles.isEmpty ? ["-"] : puzzles
        var choice = ModelChoice()
        let path = try checkpoint ?? choice.model(for: arguments).rawValue
        let file = try precision.load(path)
        guard let task = file.task else {
            throw CommandError(
                "\(path) does not say which puzzle it is for; use a model that does")
        }
        let plan = thinking.plan(
            otherwise: InferenceOptions.recommended(for: file.model), for: file.model)
        guard plan.votes == 1, plan.starts == 1 else {
            throw UsageError(
                "a trace shows attempts one after the other; leave out --votes and --starts")
        }
        let reasoner = Reasoner(file, plan: plan, workers: workers.threads)
        let name = checkpoint.map { URL(fileURLWithPath: $0).lastPathComponent } ?? path
        let inputs = try PuzzleInputs(arguments, task: task, ahead: 1, opened: choice.opened)
        var records: [JSONValue] = []
        var refused = 0
        while records.count < Self.mostPuzzles, case .next(let input) = inputs.next(waiting: true) {
            switch input {
            case .refused(let message, _):
                refused += 1
                Console.tell("Error: \(message)")
            case .text(let text, let place):
                let question: PuzzleQuestion
                do {
                    question = try PuzzleQuestion(parsing: text, task: task)
                } catch {
                    refused += 1
                    Console.tell("Error: \(place.explanation(of: error, text: text, task: task))")
                    continue
                }
                let thoughts = ThoughtEvents(
                    of: question, plan: plan, file: file, reasoner: reasoner, name: name)
                let (record, answer) = try Self.waiting(for: { try await thoughts.record() })
                records.append(record)
                try Console.print(SolvedPuzzle(question: question, solution: answer.solution).line)
            }
        }
        if records.count == Self.mostPuzzles {
            Console.tell("Note: a file has at most \(Self.mostPuzzles) puzzles")
        }
        if !records.isEmpty {
            let page = try StandalonePage(replaying: records)
            try AtomicFile.write(Data(page.html.utf8), to: URL(fileURLWithPath: html))
        }
        if refused > 0 || records.isEmpty { throw ExitCode(ExitStatus.failed) }
    }

    /// Waits for a task's result on the program's own thread.
    private static func waiting<Value: Sendable>(
        for work: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let ended = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Value, any Error>?>(nil)
        Task {
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await work())
            } catch {
                outcome = .failure(error)
            }
            result.withLock { $0 = outcome }
            ended.signal()
        }
        ended.wait()
        guard let outcome = result.withLock(\.self) else {
            preconditionFailure("a task that has ended without a result")
        }
        return try outcome.get()
    }
}
