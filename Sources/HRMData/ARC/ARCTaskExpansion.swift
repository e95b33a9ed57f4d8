/// A task with its augmentations, in tokens.
struct ARCTaskExpansion: Sendable {
    /// Examples of all puzzles of the group for one split.
    struct Part: Sendable {
        /// Input tokens of one example after the other.
        var inputs: [UInt8] = []
        /// Label tokens, of the same shape.
        var labels: [UInt8] = []
        /// Examples of each puzzle.
        var examplesPerPuzzle: Int
    }

    /// The names of the puzzles: the original's, then those of the augmentations.
    private(set) var names: [String]
    /// What is trained on.
    private(set) var training: Part
    /// What is measured on.
    private(set) var test: Part

    /// Draws for an augmentation that is wanted, at most.
    private static let drawsPerAugmentation = 5

    /// Augments a task and encodes it.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - holdsOutTests: Whether its test pairs are measured on rather than trained on.
    ///   - builder: How.
    ///   - generator: Draws augmentations, then places.
    init(
        _ task: ARCTask, holdsOutTests: Bool, builder: ARCDatasetBuilder,
        using generator: inout ErasedGenerator
    ) {
        let known = task.tests.filter { $0.output != nil }
        let trained = holdsOutTests ? task.demonstrations : task.demonstrations + known
        let tested = holdsOutTests ? task.tests : []
        let variations = Self.variations(
            of: trained + tested, count: builder.augmentations, using: &generator)
        names =
            [task.name]
            + variations.dropFirst().map {
                $0.augmentation.name(of: task.name, separator: builder.separator)
            }
        training = Part(examplesPerPuzzle: trained.count)
        test = Part(examplesPerPuzzle: tested.count)
        for variation in variations {
            training.append(
                variation.pairs.prefix(trained.count), on: builder.canvas, movedBy: &generator)
            test.append(variation.pairs.suffix(tested.count), on: builder.canvas)
        }
    }

    /// The pairs as they are, then in different augmentations, as many as wanted or can be found.
    private static func variations(
        of pairs: [ARCPair], count: Int, using generator: inout ErasedGenerator
    ) -> [(augmentation: ARCAugmentation, pairs: [ARCPair])] {
        var result = [(augmentation: ARCAugmentation.identity, pairs: pairs)]
        guard count > 0 else { return result }
        let turned = DihedralTransform.allCases.map { transform in
            pairs.map { pair in pair.mapGrids(transform.apply) }
        }
        var known: Set<String> = [ARCContentHash.hash(of: pairs)]
        for _ in 0..<(drawsPerAugmentation * count) where result.count <= count {
            let augmentation = ARCAugmentation(drawingFrom: &generator)
            // Colours and places can be exchanged in any order.
            let varied = turned[augmentation.transform.rawValue].map { pair in
                pair.mapGrids(augmentation.colors.apply)
            }
            if known.insert(ARCContentHash.hash(of: varied)).inserted {
                result.append((augmentation, varied))
            }
        }
        return result
    }
}

extension ARCTaskExpansion.Part {
    /// Appends a puzzle whose grids are at the top left.
    mutating func append(_ pairs: ArraySlice<ARCPair>, on canvas: ARCCanvas) {
        for pair in pairs { append(pair, row: 0, column: 0, on: canvas) }
    }

    /// Appends a puzzle whose grids are anywhere on the canvas, except those of one pair.
    mutating func append(
        _ pairs: ArraySlice<ARCPair>, on canvas: ARCCanvas,
        movedBy generator: inout ErasedGenerator
    ) {
        let unmoved = pairs.indices.randomElement(using: &generator)
        for index in pairs.indices {
            let pair = pairs[index]
            let output = pair.output ?? pair.input
            let room = (
                rows: canvas.size - max(pair.input.rows, output.rows),
                columns: canvas.size - max(pair.input.columns, output.columns)
            )
            let isMoved = index != unmoved
            append(
                pair, row: isMoved ? Int.random(in: 0...room.rows, using: &generator) : 0,
                column: isMoved ? Int.random(in: 0...room.columns, using: &generator) : 0,
                on: canvas)
        }
    }

    /// Appends an example; without an output, no label counts.
    private mutating func append(_ pair: ARCPair, row: Int, column: Int, on canvas: ARCCanvas) {
        canvas.append(pair.input, row: row, column: column, to: &inputs)
        if let output = pair.output {
            canvas.append(output, row: row, column: column, to: &labels)
        } else {
            labels.append(
                contentsOf: repeatElement(ARCCanvas.padToken, count: canvas.sequenceLength))
        }
    }
}

extension ARCPair {
    /// The pair with each grid replaced.
    func mapGrids(_ grid: (PuzzleGrid) -> PuzzleGrid) -> ARCPair {
        ARCPair(input: grid(input), output: output.map(grid))
    }
}
