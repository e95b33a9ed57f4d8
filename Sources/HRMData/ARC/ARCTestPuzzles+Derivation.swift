extension ARCTestPuzzles {
    /// The tasks of a test split without a file of them, as the reference's first scripts wrote it:
    /// the names say which puzzles are variations of which task, and the arrays have their pairs.
    ///
    /// Demonstrations stay empty: the training split has them moved over the canvas.
    ///
    /// - Parameter split: A test split, whose grids are at the top left.
    /// - Throws: ``ARCDerivationError`` when names or arrays do not tell.
    public init(deriving split: PuzzleDataset) throws(ARCDerivationError) {
        guard split.metadata.vocabularySize == ARCCanvas.vocabularySize,
            let canvas = ARCCanvas(sequenceLength: split.metadata.sequenceLength)
        else { throw .otherTokens }
        guard let names = split.identifiers else { throw .noNames }
        var derivation = Derivation()
        for (setIndex, set) in split.sets.enumerated() {
            for puzzle in 0..<set.puzzleCount {
                let identifier = Int(set.puzzleIdentifiers[puzzle])
                guard identifier != split.metadata.blankIdentifier else { continue }
                let examples = set.examples(ofPuzzle: puzzle)
                try derivation.add(names[identifier]) {
                    let batch = split.batch(
                        examples: examples, puzzles: examples.map { _ in puzzle }, set: setIndex)
                    return batch.pairs(on: canvas)
                }
            }
        }
        guard !derivation.tasks.isEmpty else { throw .onlyBlankNames }
        tasks = derivation.tasks
    }
}

/// Why the tasks of a test split cannot be told from names and arrays.
public enum ARCDerivationError: Error, Equatable, Sendable {
    /// The tokens are not those of ARC grids.
    case otherTokens
    /// There is no `identifiers.json`.
    case noNames
    /// All puzzles have the blank identifier.
    case onlyBlankNames
    /// An example does not begin with a grid.
    case noGrid(name: String)
    /// A puzzle's pairs are not the variation of the task's pairs that its name says.
    case contradiction(name: String, task: String)
}

extension ARCDerivationError: CustomStringConvertible {
    /// A clause: what is missing, and how to mend it.
    public var description: String {
        let again = "build the folder again with 'hrm prepare arc'"
        return switch self {
        case .otherTokens: "its tokens are not those of ARC grids; \(again)"
        case .noNames:
            "without identifiers.json nobody knows which puzzles are variations of the same task; "
                + "put the file beside the splits, or \(again)"
        case .onlyBlankNames:
            "all test puzzles have the blank identifier, so nobody knows to which task they belong; "
                + again
        case .noGrid(let name):
            "an example of the puzzle \(name) does not begin with a grid at the top left; \(again)"
        case .contradiction(let name, let task):
            "the pairs of \(name) are not the variation of those of \(task) that its name says; "
                + again
        }
    }
}

/// Tasks in the order in which they appear, from themselves or from their variations.
private struct Derivation {
    private(set) var tasks: [ARCTask] = []
    private var places: [String: Int] = [:]
    /// For each task, how many of its variations have been compared with it.
    private var compared: [Int] = []

    /// Variations of each task whose pairs are compared with the task's: wrong names show at once.
    private static let mostCompared = 8

    /// Takes a puzzle.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - pairs: Its pairs as they are on the canvas; called only where they are needed.
    /// - Throws: ``ARCDerivationError``.
    mutating func add(_ name: String, pairs: () -> [ARCPair]) throws(ARCDerivationError) {
        let (task, augmentation) = ARCAugmentation.parse(name)
        let place = places[task]
        guard place.map({ compared[$0] < Self.mostCompared }) ?? true else { return }
        let varied = pairs()
        guard varied.allSatisfy({ !$0.input.cells.isEmpty }) else { throw .noGrid(name: name) }
        let tests = varied.map { pair in pair.mapGrids(augmentation.undo) }
        if let place {
            // Variations of a task have its pairs in the same order.
            guard tests == tasks[place].tests else { throw .contradiction(name: name, task: task) }
            compared[place] += 1
        } else if !tests.isEmpty {
            places[task] = tasks.count
            tasks.append(ARCTask(name: task, demonstrations: [], tests: tests))
            compared.append(0)
        }
    }
}

extension PuzzleBatch {
    /// The grids of each row; a pair whose labels do not begin with a grid has no answer.
    fileprivate func pairs(on canvas: ARCCanvas) -> [ARCPair] {
        (0..<exampleCount).map { row in
            let cells = (row * sequenceLength)..<((row + 1) * sequenceLength)
            let output = canvas.decode(Array(labels[cells]))
            return ARCPair(
                input: canvas.decode(Array(inputs[cells])),
                output: output.cells.isEmpty ? nil : output)
        }
    }
}
