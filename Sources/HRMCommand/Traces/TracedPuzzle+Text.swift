import HRM
import HRMData
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
            return BoardStrip.Panel(moment.caption, board)
        }
        return BoardStrip([.init("puzzle", TerminalBoard(question))] + boards)
            .text(width: Console.width, color: Console.hasColor)
    }

    /// A row for each step and, in a trace of cycles, for each update within it.
    var table: String {
        let hasUpdates = trace.steps.contains { !$0.updates.isEmpty }
        var columns: [Table.Column] = [.init("step", .right)]
        if hasUpdates { columns.append(.init("update")) }
        columns += [
            .init("changed", .right), .init("entropy", .right), .init("z_H moves", .right),
            .init("z_L moves", .right), .init("sure", .right),
        ]
        if isSearch { columns.append(.init("change")) }
        var table = Table(columns: columns)
        for step in trace.steps {
            for update in step.updates {
                let isSlow = update.loop == .slow
                let change = NumberText.fixed(update.change, digits: 4)
                var row = ["", Self.name(of: update)]
                row += isSlow ? Self.cells(of: update.reading) : ["", ""]
                row += isSlow ? [change, ""] : ["", change]
                row.append(isSlow ? Self.sure(update.reading) : "")
                if isSearch { row.append("") }
                table.append(row)
            }
            var row = ["\(step.step)"] + (hasUpdates ? ["whole step"] : [])
            row += Self.cells(of: step.reading)
            row += [
                NumberText.fixed(step.highChange, digits: 4),
                step.lowChange.map { NumberText.fixed($0, digits: 4) } ?? "",
                Self.sure(step.reading),
            ]
            if isSearch { row.append(event(of: step)) }
            table.append(row)
        }
        return table.text
    }

    private var isSearch: Bool { trace.steps.contains { $0.event != nil } }

    private func event(of step: ThinkingTrace.Step) -> String {
        step.event.map { Self.text(of: $0, on: question.answer(step.reading.tokens).board) } ?? ""
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
