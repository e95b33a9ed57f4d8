extension ARCTestPuzzles {
    /// Derives the tasks of a test split without `test_puzzles.json`, as the reference's first
    /// scripts wrote it.
    ///
    /// Names assign the puzzles to tasks and augmentations; the arrays hold the pairs.
    /// Demonstrations stay empty, because the training split has them translated on the canvas.
    ///
    /// - Parameter split: A test split with its grids at the top left.
    /// - Throws: ``ARCDerivationError`` if names or arrays do not determine the tasks.
    package init(deriving split: PuzzleDataset) throws(ARCDerivationError) {
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

/// An error in deriving the tasks of a test split from names and arrays.
public enum ARCDerivationError: Error, Equatable, Sendable {
    /// The tokens are not those of ARC grids.
    case otherTokens
    /// There is no `identifiers.json`.
    case noNames
    /// All puzzles have the blank identifier.
    case onlyBlankNames
    /// An example does not begin with a grid.
    case noGrid(name: String)
    /// A puzzle's pairs are not the augmentation of the task's pairs that its name states.
    case contradiction(name: String, task: String)
}

extension ARCDerivationError: CustomStringConvertible {
    /// A clause that states the problem and the remedy.
    public var description: String {
        let again = "build the folder again with 'hrm prepare arc'"
        return switch self {
        case .otherTokens: "its tokens are not those of ARC grids; \(again)"
        case .noNames:
            "without identifiers.json it is unknown which puzzles are variations of one task; "
                + "put the file beside the splits, or \(again)"
        case .onlyBlankNames:
            "all test puzzles have the blank identifier, so their tasks are unknown; "
                + again
        case .noGrid(let name):
            "an example of the puzzle \(name) does not begin with a grid at the top left; \(again)"
        case .contradiction(let name, let task):
            "the pairs of \(name) are not the variation of those of \(task) that its name says; "
                + again
        }
    }
}

/// The tasks in order of appearance, derived from the unaugmented or an augmented puzzle.
private struct Derivation {
    private(set) var tasks: [ARCTask] = []
    private var places: [String: Int] = [:]
    /// The number of compared augmentations of each task.
    private var compared: [Int] = []

    /// The maximum number of augmentations compared with each task; a few suffice to detect wrong
    /// names.
    private static let mostCompared = 8

    /// Adds a puzzle.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - pairs: Returns its pairs as they are on the canvas; called only when needed.
    /// - Throws: ``ARCDerivationError``.
    mutating func add(_ name: String, pairs: () -> [ARCPair]) throws(ARCDerivationError) {
        let (task, augmentation) = ARCAugmentation.parse(name)
        let place = places[task]
        guard place.map({ compared[$0] < Self.mostCompared }) ?? true else { return }
        let varied = pairs()
        guard varied.allSatisfy({ !$0.input.cells.isEmpty }) else { throw .noGrid(name: name) }
        let tests = varied.map { pair in pair.mapGrids(augmentation.undo) }
        if let place {
            // All augmentations of a task have its pairs in the same order.
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
    /// Decodes the grids of each row; a pair whose labels do not begin with a grid has no answer.
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
