import ArgumentParser
import HRMFigures
import HRMTraining

/// Prints answers and errors one by one, and draws the pictures at the end.
struct SolutionWriter {
    private let showsPictures: Bool
    private let showsTrace: Bool
    private let plan: ThinkingPlan
    private let start = ContinuousClock.now
    private var json: JSONStream?
    private var sheet: SolvedSheet
    private var solved = 0
    private var refused = 0

    /// - Parameters:
    ///   - plan: How the puzzles are thought about.
    ///   - pictures: Where pictures are drawn.
    ///   - isPictorial: Whether a picture says more than a line with all cells.
    ///   - showsTrace: Whether each thinking step is shown.
    ///   - isJSON: Whether to print one JSON object.
    init(
        plan: ThinkingPlan, pictures: PictureOptions, isPictorial: Bool, showsTrace: Bool,
        isJSON: Bool
    ) {
        self.plan = plan
        showsPictures = isPictorial && Console.hasColor
        self.showsTrace = showsTrace
        json = isJSON ? JSONStream(list: "puzzles") : nil
        sheet = SolvedSheet(pictures)
    }

    /// Prints an answer.
    ///
    /// - Throws: ``CommandError`` when that is impossible.
    mutating func write(_ puzzle: SolvedPuzzle, place: PuzzlePlace) throws {
        solved += 1
        if sheet.isWanted { sheet.add([puzzle.panels]) }
        if json != nil {
            let members = puzzle.members(withTrace: showsTrace).merging(place.members) { $1 }
            try json?.add(.object(members))
            return
        }
        if showsTrace { try Console.print("\(SolvedPuzzle.legend)\n\n\(puzzle.drawing)") }
        if showsPictures {
            let picture = PictureSheet(rows: [puzzle.panels])
            try Console.print(picture.text(width: Console.width, color: true) + puzzle.summary)
        } else {
            try Console.print(puzzle.line)
        }
    }

    /// Says what is wrong with an input, and remembers that something was.
    ///
    /// - Parameters:
    ///   - message: One sentence.
    ///   - puzzle: The text that is no puzzle, if there is one.
    ///   - place: Where it is from.
    /// - Throws: ``CommandError`` when that is impossible.
    mutating func refuse(_ message: String, puzzle: String?, place: PuzzlePlace) throws {
        refused += 1
        Console.tell("Error: \(message)")
        var members = place.members
        members["error"] = .text(message)
        members["puzzle"] = puzzle.map { .text($0) } ?? .null
        try json?.add(.object(members))
    }

    /// Prints the end of the JSON object and draws the pictures, if they are wanted.
    ///
    /// - Throws: The exit status, when something was wrong.
    func finish() throws {
        try json?.finish([
            "count": .integer(solved),
            "errors": .integer(refused),
            "plan": ThinkingText.members(of: plan),
            "seconds": .number((ContinuousClock.now - start).seconds),
            "steps": .integer(plan.maxSteps),
        ])
        try sheet.write()
        if refused > 0 { throw ExitCode(Failure.failed) }
    }
}
