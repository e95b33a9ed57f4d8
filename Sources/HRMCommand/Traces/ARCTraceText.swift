import HRM
import HRMData
import HRMFigures
import HRMTraining

/// The text of traces of the test inputs of an ARC task.
enum ARCTraceText {
    /// Returns pictures on a terminal with colours, otherwise digits; below them, the changes of
    /// the states.
    ///
    /// - Parameters:
    ///   - traces: The traces, one per test input.
    ///   - task: The task.
    ///   - canvas: The model's canvas.
    /// - Returns: Lines that end with line feeds.
    static func text(of traces: [TracedPuzzle], task: ARCTask, canvas: ARCCanvas) -> String {
        zip(traces, task.tests).enumerated().map { index, pair in
            let (traced, test) = pair
            let title = "\(task.name), test input \(index + 1)"
            let notes = "\(traced.table)\(TracedPuzzle.tableNotes)\n"
            let moments = traced.moments.map { moment in
                (
                    caption:
                        "\(moment.name): \(NumberText.percent(moment.reading.confidence)) sure",
                    grid: canvas.decode(moment.reading.tokens)
                )
            }
            if Console.hasColor {
                let row =
                    [PictureSheet.Panel(title, .arc(test.input))]
                    + moments.map { .init($0.caption, .arc($0.grid, right: test.output)) }
                let sheet = PictureSheet(rows: [row])
                return sheet.text(width: Console.width, color: true) + "\n" + notes
            }
            return "\(title)\n\(ARCAnswerText.text(of: test.input))"
                + moments.map { "\($0.caption)\n\(ARCAnswerText.text(of: $0.grid))" }.joined()
                + notes
        }.joined()
    }
}
