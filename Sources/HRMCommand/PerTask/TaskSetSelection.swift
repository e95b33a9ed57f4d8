import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMPerTask
import HRMTensor

/// The tasks of an evaluation, and the number of those that were to choose from.
struct TaskSetSelection {
    /// The tasks.
    let tasks: [ARCTask]
    /// The number of tasks among which a sample was chosen; nil without a sample.
    let population: Int?

    /// Reads and selects the tasks.
    ///
    /// - Parameters:
    ///   - options: The sources and the part to use.
    ///   - seed: The seed of a sample.
    /// - Throws: An error if a source cannot be read, a task is unknown or no task is left.
    init(_ options: TaskSetOptions, seed: UInt64) throws {
        var found = try ARCTaskCollection(
            sources: options.sources.map { URL(fileURLWithPath: $0) })
        if let tasks = options.tasks {
            try found.keep(
                only: tasks.split(separator: ",")
                    .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty })
        }
        for note in ARCSourceText.notes(on: found, heldOut: .all) { Console.tell("Note: \(note)") }
        var tasks: [ARCTask] = []
        var refused: [String] = []
        for task in found.entries.map(\.task) {
            do throws(TaskExamplesError) {
                let side = try TaskExamples(task).largestKnownSide
                if side <= options.largestSide ?? .max { tasks.append(task) }
            } catch {
                refused.append("\(error)")
            }
        }
        for reason in refused.prefix(8) { Console.tell("Note: left out: \(reason)") }
        if refused.count > 8 {
            Console.tell("Note: left out: \((refused.count - 8).grouped("more task"))")
        }
        guard !tasks.isEmpty else {
            throw CommandError(
                "no task is left to evaluate on"
                    + (options.largestSide.map { "; the smallest canvas is larger than \($0)" }
                        ?? ""))
        }
        tasks.sort { $0.name < $1.name }
        guard let sample = options.sample else {
            (self.tasks, population) = (tasks, nil)
            return
        }
        guard sample <= tasks.count else {
            throw CommandError(
                "--sample is \(sample), and there \(tasks.count.word("is", "are")) "
                    + "\(tasks.count.grouped("task"))")
        }
        population = tasks.count
        var generator = SeededGenerator(seed: seed)
        tasks.shuffle(using: &generator)
        self.tasks = tasks.prefix(sample).sorted { $0.name < $1.name }
    }
}
