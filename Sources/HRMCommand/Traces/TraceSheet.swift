import Foundation
import HRM
import HRMData
import HRMFigures
import HRMFiles
import HRMModel
import HRMTraining

/// The pictures of traces, drawn into files at the end.
struct TraceSheet {
    /// The maximum number of puzzles that are drawn, to keep the files usable.
    static let mostPuzzles = 10

    private let pictures: PictureOptions
    private let options: TraceOptions
    private let appearance: TokenAppearance
    private var parts: [FigureSheet.Part] = []
    private var frames: [AnimatedSheet.Frame] = []
    private var drawn = 0
    private var leftOut = 0

    /// Creates a sheet; `nil` if no file is requested.
    ///
    /// - Parameters:
    ///   - options: The trace options, with the animation file.
    ///   - pictures: The options for picture files.
    ///   - model: The model.
    ///   - task: The model's task, if its tokens do not determine it.
    /// - Throws: ``CommandError`` if the puzzles are too large to be drawn.
    init?(
        _ options: TraceOptions, pictures: PictureOptions, model: HierarchicalReasoningModel,
        task: PuzzleTask? = nil
    ) throws {
        guard pictures.areWanted || options.animation != nil else { return nil }
        let dimensions = model.dimensions
        guard
            let appearance = TokenAppearance(
                task: task, vocabularySize: dimensions.vocabularySize,
                sequenceLength: dimensions.sequenceLength)
        else {
            throw CommandError(
                "puzzles of \(dimensions.sequenceLength) cells are not drawn, at most "
                    + "\(TokenAppearance.longestSequence) are")
        }
        self.options = options
        self.pictures = pictures
        self.appearance = appearance
    }

    /// Adds a puzzle.
    mutating func add(_ puzzle: TracedPuzzle) {
        guard drawn < Self.mostPuzzles else {
            leftOut += 1
            return
        }
        drawn += 1
        if pictures.areWanted {
            parts.append(.pictures(PictureSheet(rows: puzzle.rows(appearance))))
            parts.append(.charts(ChartSheet(charts: puzzle.charts)))
        }
        if options.animation != nil { frames += puzzle.frames(appearance) }
    }

    /// Draws everything.
    func write() throws {
        guard drawn > 0 else {
            Console.tell("Note: nothing was solved, so there is nothing to draw")
            return
        }
        if leftOut > 0 {
            Console.tell(
                "Note: the first \(Self.mostPuzzles) traces are drawn, "
                    + "\(NumberText.grouped(leftOut)) are not")
        }
        if pictures.areWanted { try pictures.write(FigureSheet(parts)) }
        guard let animation = options.animation else { return }
        let sheet = AnimatedSheet(frames: frames)
        let data =
            switch options.animationFormat {
            case .gif: Data(sheet.gif)
            case .svg, nil: Data(sheet.svg.utf8)
            }
        try AtomicFile.write(data, to: URL(fileURLWithPath: animation))
    }
}
