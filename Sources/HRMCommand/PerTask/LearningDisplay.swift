import Foundation
import HRMData
import HRMFigures
import HRMPerTask

/// Shows the learning of a task: on a terminal its pictures above a progress line, redrawn in
/// place; elsewhere occasional lines.
struct LearningDisplay {
    private var line = ProgressDisplay()
    private var drawn = 0
    private var last = ContinuousClock.now - .seconds(1)
    private let isLive = Console.showsProgressToPerson
    private let hasColor =
        (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private static let interval = Duration.milliseconds(250)

    /// Shows the progress of a task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - progress: Its progress.
    ///   - activity: The place of the task among several.
    mutating func show(_ task: ARCTask, _ progress: PerTaskProgress, activity: String?) {
        let bar = LearnedTaskText.bar(of: progress, activity: activity)
        guard isLive else {
            line.show { _ in bar }
            return
        }
        guard ContinuousClock.now - last >= Self.interval else { return }
        last = .now
        let width = Console.width
        var lines = pictures(of: task, progress, width: width)
        // Lines that the terminal cannot hold could not be drawn again in place.
        if lines.count > Console.height - 2 { lines = [] }
        erase()
        lines.append(bar.line(width: width - 1))
        Console.draw(lines.joined(separator: "\n"))
        drawn = lines.count
    }

    /// Removes everything from the terminal.
    mutating func clear() {
        if isLive { erase() } else { line.clear() }
    }

    private mutating func erase() {
        guard drawn > 0 else { return }
        let up = drawn > 1 ? "\u{1B}[\(drawn - 1)A" : ""
        Console.draw("\r\(up)\u{1B}[J")
        drawn = 0
    }

    /// The test inputs with the answers so far; captions have no text of files.
    private func pictures(
        of task: ARCTask, _ progress: PerTaskProgress, width: Int
    ) -> [String] {
        var unnamed = task
        unnamed.name = "task"
        let rows = ARCPictures.answers(
            of: unnamed, progress, showsLatest: true, marks: false)
        guard rows.joined().allSatisfy({ $0.picture.width <= width }) else { return [] }
        return PictureSheet(rows: rows).text(width: width, color: hasColor)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .dropLast()
    }
}
