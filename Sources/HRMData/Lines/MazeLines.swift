/// Mazes in lines, each in one line or drawn in as many lines as it has rows.
struct MazeLines {
    let size: MazeSize

    /// A line that is longer than a row is a whole maze; else lines are collected until they are a
    /// drawing, or an empty line ends it.
    ///
    /// Empty lines and comments before a drawing are skipped. A row of open cells has all its spaces, or
    /// is written with `.`: an editor that takes spaces away makes it an empty line. Rows of several
    /// drawings without an empty line between must be as many as whole mazes have: one too many would
    /// be taken for the first one of the next maze.
    func next(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        guard let first = try firstRow(of: &lines) else { return nil }
        guard !first.text.contains("/"), first.text.count <= size.columns else {
            lines.run = nil
            return first
        }
        var run = lines.run ?? .init(first: first.number)
        if lines.isWhole, run.known == 0 {
            lines.putBack(first)
            if let refused = try countRows(of: &run, in: &lines) { return refused }
            _ = try lines.nextAsWritten()
        }
        var rows = [first.text]
        var isEnded = false
        while rows.count < size.rows, !isEnded, let line = try lines.nextAsWritten() {
            isEnded = isBlank(line.text)
            if !isEnded { rows.append(line.text) }
        }
        run.taken += rows.count
        run.known -= min(run.known, rows.count)
        lines.run = isEnded ? nil : run
        guard rows.count == size.rows || run.taken == rows.count else {
            return refusal(of: run, rows: run.taken)
        }
        // With an empty second row, a single row is reported as a drawing, not as a maze in one
        // line.
        if rows.count == 1, size.rows > 1 { rows.append("") }
        return PuzzleLines.Line(number: first.number, text: rows.joined(separator: "\n"))
    }

    /// The first line of what comes next, after empty lines and comments.
    private func firstRow(of lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        while let line = try lines.nextAsWritten() {
            guard isBlank(line.text) || Maze.isComment(line.text) else { return line }
            lines.run = nil
        }
        return nil
    }

    /// Counts the rows up to the next line that is none.
    ///
    /// - Parameters:
    ///   - run: The rows before; is told how many there are.
    ///   - lines: The lines, with the next row.
    /// - Returns: A refusal of all the rows, which are taken then, where they are more than a maze has
    ///   but not as many as several have; nil for all others.
    /// - Throws: Why the lines cannot be read.
    private func countRows(
        of run: inout PuzzleLines.DrawnRun, in lines: inout PuzzleLines
    ) throws -> PuzzleLines.Line? {
        var (count, bytes) = (0, 0)
        _ = try lines.lookAhead { text -> PuzzleLines.Opinion<Void> in
            if isBlank(text) || Maze.isComment(text) || isWhole(text) { return .decided(()) }
            count += 1
            bytes += text.utf8.count + 1
            return .proceed
        }
        // Of very many rows, those behind what can be looked at have their turn later.
        let isEnd = bytes <= PuzzleLines.longestPreview
        let excess = count % size.rows
        guard isEnd, excess > 0, run.taken + count > size.rows else {
            run.known = isEnd ? count : count - excess
            return nil
        }
        for _ in 0..<count { _ = try lines.nextAsWritten() }
        lines.run = nil
        return refusal(of: run, rows: run.taken + count)
    }

    private func refusal(of run: PuzzleLines.DrawnRun, rows: Int) -> PuzzleLines.Line {
        PuzzleLines.Line(
            number: run.first, text: "",
            problem: "\(rows) rows are drawn without an empty line between, which is not a whole "
                + "number of \(size) mazes, so it is unclear where one ends; draw "
                + "\(size.rows) rows for each, a row of open cells with '.', and leave an empty "
                + "line after it"
                + (run.taken > 0 ? "; answers from this line on may be to other mazes" : ""))
    }

    /// True if a line is a maze of its own also between rows.
    private func isWhole(_ text: String) -> Bool {
        text.contains("/") || text.count > size.columns && text.count >= size.cellCount
    }

    private func isBlank(_ text: String) -> Bool {
        text.count < size.columns && text.allSatisfy(\.isWhitespace)
    }
}
