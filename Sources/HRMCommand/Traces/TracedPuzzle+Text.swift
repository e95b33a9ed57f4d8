import HRM
import HRMFigures
import HRMInference
import HRMTraining

extension TracedPuzzle {
    /// The legend of the marks.
    static var legend: String {
        Console.hasColor
            ? "Bold and reversed: changed. Red: in conflict. The darker a cell, the more open it is."
            : "[5]: changed. !5!: in conflict. [5!: both."
    }

    /// The complete text of the trace.
    var text: String { "\(Self.legend)\n\n\(drawing)\n\(table)\(Self.tableNotes)\n" }

    /// The boards side by side, the puzzle first, with changed and conflicting cells marked.
    var drawing: String {
        let boards = moments.map { moment in
            var board = TerminalBoard(moment.answer)
            board.changed = moment.changed
            // A custom grid may be smaller than the canvas, to which the entropies belong.
            if board.cells.count == moment.reading.entropy.count {
                board.shades = moment.reading.entropy.map(share)
            }
            return BoardStrip.Panel("\(moment.name): \(Self.sure(moment.reading)) sure", board)
        }
        return BoardStrip([.init("puzzle", TerminalBoard(question))] + boards)
            .text(width: Console.width, color: Console.hasColor)
    }

    /// A row for each step and, in a trace of cycles, for each update within it.
    var table: String {
        let hasUpdates = trace.steps.contains { !$0.updates.isEmpty }
        var table = Table(
            columns: [.init("step", .right)] + (hasUpdates ? [.init("update")] : [])
                + [
                    .init("changed", .right), .init("entropy", .right), .init("z_H moves", .right),
                    .init("z_L moves", .right), .init("sure", .right),
                ])
        for step in trace.steps {
            for update in step.updates {
                let isSlow = update.loop == .slow
                let change = NumberText.fixed(update.change, digits: 4)
                table.append(
                    ["", Self.name(of: update)]
                        + (isSlow ? Self.cells(of: update.reading).prefix(2) : ["", ""])
                        + (isSlow ? [change, ""] : ["", change])
                        + (isSlow ? [Self.sure(update.reading)] : [""]))
            }
            table.append(
                ["\(step.step)"] + (hasUpdates ? ["whole step"] : [])
                    + Self.cells(of: step.reading)
                    + [
                        NumberText.fixed(step.highChange, digits: 4),
                        step.lowChange.map { NumberText.fixed($0, digits: 4) } ?? "",
                        Self.sure(step.reading),
                    ])
        }
        return table.text
    }

    /// The explanation of the table's columns.
    static let tableNotes = """
        entropy: mean over the cells, in nats; moves: how far a state moved, relative to
        its length.
        """

    private static func cells(of reading: ThinkingTrace.Reading) -> [String] {
        ["\(reading.changed.count)", NumberText.fixed(reading.meanEntropy, digits: 4)]
    }
}
