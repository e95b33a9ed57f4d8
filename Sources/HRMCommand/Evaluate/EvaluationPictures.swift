import HRM
import HRMData
import HRMFigures
import HRMTraining

/// A sheet of examples from an evaluation: the question, the model's answer with wrong cells
/// marked, and the correct answer.
struct EvaluationPictures {
    /// The default number of examples on a sheet.
    static let usualCount = 12

    private let appearance: TokenAppearance
    private let padToken: Int
    private let scorer: AnswerScorer?
    private let wanted: Set<Int>
    private let names: [String]?
    private var done = 0
    private(set) var rows: [[PictureSheet.Panel]] = []

    /// Creates a sheet of examples spread over the split.
    ///
    /// - Parameters:
    ///   - count: The number of examples.
    ///   - puzzles: The number of evaluated puzzles.
    ///   - dataset: The split.
    /// - Throws: ``CommandError`` if the grids are too large to be drawn.
    init(_ count: Int, of puzzles: Int, in dataset: PuzzleDataset) throws {
        let metadata = dataset.metadata
        guard
            let appearance = TokenAppearance(
                task: dataset.task, vocabularySize: metadata.vocabularySize,
                sequenceLength: metadata.sequenceLength)
        else {
            throw CommandError(
                "examples of \(metadata.sequenceLength) cells are not drawn, at most "
                    + "\(TokenAppearance.longestSequence) are")
        }
        self.appearance = appearance
        padToken = metadata.padToken
        scorer = dataset.task?.scorer
        names = dataset.identifiers
        wanted = Set(spread(count, over: puzzles))
    }

    /// Draws a prediction if its example was selected.
    mutating func add(_ prediction: Evaluator.Prediction) {
        defer { done += 1 }
        guard wanted.contains(done) else { return }
        let labels = Array(prediction.labels)
        // Cells with ignored labels are not shown in the answer either.
        func visible(_ tokens: [Int32]) -> [Int] {
            zip(tokens, labels).map { $1 == PuzzleBatch.ignoredLabel ? padToken : Int($0) }
        }
        var wrong = Set(
            labels.indices.filter {
                labels[$0] != PuzzleBatch.ignoredLabel && labels[$0] != prediction.tokens[$0]
            })
        var verdict = wrong.isEmpty ? "right" : "\(wrong.count) wrong"
        if !wrong.isEmpty, scorer?.accepts(prediction.tokens, to: prediction.inputs) == true {
            (wrong, verdict) = ([], "right, another way")
        }
        let pictures = appearance.pictures(
            input: prediction.inputs.map { Int($0) },
            layers: [.init(visible(prediction.tokens), marked: wrong), .init(visible(labels))],
            padToken: padToken)
        rows.append([
            .init(title(of: prediction), pictures[0]), .init("model: \(verdict)", pictures[1]),
            .init("right answer", pictures[2]),
        ])
    }

    private func title(of prediction: Evaluator.Prediction) -> String {
        let identifier = Int(prediction.puzzleIdentifier)
        let name = identifier > 0 ? names.map { $0[identifier] } : nil
        return InspectionPictures.printable(name) ?? "example \(prediction.example)"
    }
}

/// Returns indices spread evenly over a list.
///
/// - Parameters:
///   - count: The number of indices; fewer if the list is shorter.
///   - total: The length of the list.
/// - Returns: Ascending indices.
func spread(_ count: Int, over total: Int) -> [Int] {
    let count = min(count, total)
    return (0..<count).map { $0 * total / count }
}
