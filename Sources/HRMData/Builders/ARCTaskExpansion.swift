/// A task with its augmentations, as tokens.
struct ARCTaskExpansion: Sendable {
    /// The examples of all puzzles of the group in one split.
    struct Part: Sendable {
        /// The input tokens of all examples, concatenated.
        var inputs: [UInt8] = []
        /// The label tokens, of the same shape.
        var labels: [UInt8] = []
        /// The number of examples of each puzzle.
        var examplesPerPuzzle: Int
    }

    /// The names of the puzzles: the unaugmented task's, then those of the augmentations.
    private(set) var names: [String]
    /// The training examples.
    private(set) var training: Part
    /// The test examples.
    private(set) var test: Part

    /// The maximum number of draws for each requested augmentation.
    private static let drawsPerAugmentation = 5

    /// Augments and encodes a task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - holdsOutTests: True if its test pairs are held out of training.
    ///   - builder: The builder's settings.
    ///   - generator: Draws augmentations, then positions.
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

    /// Returns the unaugmented pairs, then distinct augmentations of them, at most `count`.
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
            // Colour permutations and transforms commute.
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
    /// Appends a puzzle with its grids at the top left.
    mutating func append(_ pairs: ArraySlice<ARCPair>, on canvas: ARCCanvas) {
        for pair in pairs { append(pair, row: 0, column: 0, on: canvas) }
    }

    /// Appends a puzzle with its grids at random positions, except those of one pair.
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

    /// Appends an example; without an output, all labels are ignored.
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
    /// Returns the pair with each grid mapped.
    func mapGrids(_ grid: (PuzzleGrid) -> PuzzleGrid) -> ARCPair {
        ARCPair(input: grid(input), output: output.map(grid))
    }
}
