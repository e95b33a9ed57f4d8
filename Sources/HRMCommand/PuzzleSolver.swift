import ArgumentParser
import HRMData
import HRMFigures
import HRMModel
import HRMTraining

/// Solves one puzzle after the other and prints the answers.
struct PuzzleSolver {
    /// Where a puzzle is from.
    enum Place {
        /// The command line.
        case argument
        /// A line, counting from 1, of a file or of standard input.
        case line(Int, source: String)
    }

    /// What the model knows to solve.
    let task: any SolvableTask

    private let reasoner: PuzzleReasoner
    private let tracer: ThinkingTracer
    private let options: TraceOptions
    private let isJSON: Bool
    private var sheet: SolvedSheet
    private var traces: TraceSheet?
    private let start = ContinuousClock.now
    private var solved = 0
    private var refused = 0
    private var steps: Int?
    private var results: [JSONValue] = []

    /// - Throws: An error when nobody knows what the model was trained on.
    init(
        file: ModelFile, checkpoint: String, pictures: PictureOptions, trace: TraceOptions,
        isJSON: Bool
    ) throws {
        guard let task = file.task else {
            let dimensions = file.model.dimensions
            throw CommandError(
                "\(checkpoint) is a model for \(dimensions.sequenceLength) cells of "
                    + "\(dimensions.vocabularySize) tokens, which are no Sudokus and no mazes; use a "
                    + "model that says in its file which puzzle it is for")
        }
        self.task = task.solvable
        options = trace
        self.isJSON = isJSON
        sheet = SolvedSheet(pictures)
        traces =
            trace.areWanted
            ? try TraceSheet(trace, pictures: pictures, model: file.model, task: task) : nil
        reasoner = PuzzleReasoner(model: file.model)
        tracer = ThinkingTracer(model: file.model)
    }

    /// Solves a puzzle, or says why it is none.
    ///
    /// - Parameters:
    ///   - text: The question, as its task writes it.
    ///   - place: Where it is from.
    /// - Throws: ``CommandError`` when the answer cannot be printed.
    mutating func solve(_ text: String, place: Place) throws {
        let question: PuzzleQuestion
        do {
            question = try task.question(text)
        } catch {
            refuse(explanation(error, text: text, place: place), puzzle: text, place: place)
            return
        }
        let traced = options.areWanted ? trace(question) : nil
        let thoughts =
            traced?.trace.thoughts
            ?? reasoner.solve(tokens: question.tokens, puzzleIdentifier: question.identifier)
        let solution = SolvedPuzzle(question: question, thoughts: thoughts)
        solved += 1
        steps = thoughts.count
        if let traced {
            traces?.add(traced)
        } else {
            sheet.add([solution.panels])
        }
        if isJSON {
            var members = solution.members(withTrace: false)
            if options.trace != nil { members["trace"] = traced?.members }
            members.merge(Self.members(of: place)) { $1 }
            results.append(.object(members))
        } else {
            if options.trace != nil, let traced { try Console.print(traced.text) }
            if task.isPictorial, Console.hasColor {
                let picture = PictureSheet(rows: [solution.panels])
                try Console.print(
                    picture.text(width: Console.width, color: true) + solution.summary)
            } else {
                try Console.print(solution.line)
            }
        }
    }

    /// Says what is wrong with an input, and remembers that something was.
    ///
    /// - Parameters:
    ///   - message: One sentence.
    ///   - puzzle: The text that is no puzzle, if there is one.
    ///   - place: Where it is from.
    mutating func refuse(_ message: String, puzzle: String?, place: Place) {
        refused += 1
        Console.tell("Error: \(message)")
        guard isJSON else { return }
        var members = Self.members(of: place)
        members["error"] = .text(message)
        members["puzzle"] = puzzle.map { .text($0) } ?? .null
        results.append(.object(members))
    }

    /// Prints the JSON object and draws the pictures, if they are wanted.
    ///
    /// - Throws: The exit status, when something was wrong.
    func finish() throws {
        if isJSON {
            let line = try JSONValue.object([
                "count": .integer(solved),
                "errors": .integer(refused),
                "puzzles": .list(results),
                "seconds": .number((ContinuousClock.now - start).seconds),
                "steps": steps.map { .integer($0) } ?? .null,
            ]).line()
            try Console.print(line)
        }
        if options.areWanted { try traces?.write() } else { try sheet.write() }
        if refused > 0 { throw ExitCode(Failure.failed) }
    }

    private func trace(_ question: PuzzleQuestion) -> TracedPuzzle {
        TracedPuzzle(
            question: question,
            trace: tracer.trace(
                tokens: question.tokens, puzzleIdentifier: question.identifier,
                detail: options.detail))
    }

    private static func members(of place: Place) -> [String: JSONValue] {
        switch place {
        case .argument: [:]
        case .line(let number, let source): ["line": .integer(number), "source": .text(source)]
        }
    }

    private func explanation(_ error: any Error, text: String, place: Place) -> String {
        switch place {
        case .line(let number, let source): "\(source), line \(number): \(error)"
        case .argument where task.looksLikeQuestion(text):
            "'\(text)': \(error)"
        case .argument: "'\(text)' is not the name of a file, and as a puzzle: \(error)"
        }
    }
}
