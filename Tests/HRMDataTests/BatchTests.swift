import HRMData
import HRMFiles
import HRMTensor
import Testing

/// Recorded choices.
private struct RecordedChoices: SamplingChoices {
    var groups: [Int]
    var puzzles: [Int]
    var examples: [[Int]]
    var asked: [String] = []

    mutating func nextGroup() -> Int? {
        groups.isEmpty ? nil : groups.removeFirst()
    }

    mutating func choosePuzzle(from range: Range<Int>) -> Int {
        asked.append("puzzle \(range)")
        return puzzles.removeFirst()
    }

    mutating func chooseExamples(_ count: Int, from range: Range<Int>) -> [Int] {
        asked.append("\(count) of \(range)")
        return examples.removeFirst()
    }
}

@Suite struct BatchSelectionTests {
    @Test func followsTheRule() {
        var choices = RecordedChoices(
            groups: [2, 0, 1], puzzles: [3, 0, 2], examples: [[9, 6, 8, 7], [2], [4, 5]])
        let first = BatchSelection(filling: 5, from: SampleDataset.sets[0], by: &choices)
        // There is room for one more example after the four of puzzle 3; puzzle 0 is not continued.
        #expect(first.examples == [9, 6, 8, 7, 2])
        #expect(first.puzzles == [3, 3, 3, 3, 0])
        #expect(first.groups == [2, 0])
        #expect(choices.asked == ["puzzle 3..<4", "4 of 6..<10", "puzzle 0..<1", "1 of 0..<3"])
        let second = BatchSelection(filling: 5, from: SampleDataset.sets[0], by: &choices)
        #expect(second.examples == [4, 5])
        #expect(second.puzzles == [2, 2])
        #expect(choices.asked.suffix(2) == ["puzzle 1..<3", "2 of 4..<6"])
    }
}

@Suite struct PuzzleBatchTests {
    @Test func padsAndIgnores() throws {
        let batch = try SampleDataset.make().batch(
            examples: [3, 9], puzzles: [1, 3], set: 0, rowCount: 3)
        #expect(
            batch
                == PuzzleBatch(
                    inputs: [4, 2, 5, 2, 0, 0], labels: [-100, 3, -100, 3, -100, -100],
                    puzzleIdentifiers: [2, 1, 0], sequenceLength: 2, exampleCount: 2,
                    setName: "a"))
        #expect(batch.rowCount == 3)
    }

    @Test func usesTheMetadatasFillers() throws {
        var metadata = SampleDataset.metadata
        metadata.padToken = 5
        metadata.blankIdentifier = 3
        metadata.ignoredLabel = nil
        let dataset = try PuzzleDataset(metadata: metadata, sets: SampleDataset.sets)
        let batch = dataset.batch(examples: [0], puzzles: [0], set: 1, rowCount: 2)
        #expect(batch.inputs == [1, 2, 5, 5])
        #expect(batch.labels == [0, 3, -100, -100])
        #expect(batch.puzzleIdentifiers == [3, 3])
    }
}

@Suite struct TrainingBatchesTests {
    /// Returns groups of one puzzle with one example, whose input is the number of the group.
    static func singles(_ count: Int) throws -> PuzzleDataset {
        let offsets = (0...Int32(count)).map { $0 }
        return try PuzzleDataset(
            metadata: DatasetMetadata(
                vocabularySize: 1000, sequenceLength: 1, groupCount: count),
            sets: [
                PuzzleArrays(
                    inputs: CompactIntegers((0..<Int32(count)).map { $0 }),
                    labels: CompactIntegers([UInt8](repeating: 1, count: count)),
                    puzzleIdentifiers: [Int32](repeating: 0, count: count),
                    puzzleIndices: offsets, groupIndices: offsets)
            ])
    }

    @Test func everyEpochHasEveryGroupOnce() throws {
        var batches = try TrainingBatches(
            Self.singles(300), batchSize: 60, epochsPerPass: 1, using: SeededGenerator(seed: 1))
        var orders: [[Int32]] = []
        for _ in 0..<4 {
            let order = (0..<5).flatMap { _ in batches.next()?.inputs ?? [] }
            #expect(order.sorted() == (0..<300).map { Int32($0) })
            orders.append(order)
        }
        #expect(Set(orders).count == 4)
        #expect(orders[0] != orders[0].sorted())
    }

    @Test func dropsTheIncompleteBatchOfAPass() throws {
        var batches = try TrainingBatches(
            Self.singles(10), batchSize: 4, epochsPerPass: 1, using: SeededGenerator(seed: 2))
        for pass in 1...20 {
            let seen = (0..<2).flatMap { _ in batches.next()?.inputs ?? [] }
            #expect(Set(seen).count == 8)
            #expect(batches.state.passNumber == pass)
        }
    }

    @Test func epochsOfAPassAreStrungTogether() throws {
        var batches = try TrainingBatches(
            Self.singles(10), batchSize: 4, epochsPerPass: 2, using: SeededGenerator(seed: 3))
        let seen = (0..<5).flatMap { _ in batches.next()?.inputs ?? [] }
        #expect(seen.prefix(10).sorted() == (0..<10).map { Int32($0) })
        #expect(seen.suffix(10).sorted() == (0..<10).map { Int32($0) })
        #expect(batches.state.passNumber == 1)
    }

    @Test func smallDataFillsLargeBatches() throws {
        var batches = try TrainingBatches(
            Self.singles(3), batchSize: 8, using: SeededGenerator(seed: 4))
        #expect(batches.epochsPerPass == 43)
        let batch = batches.next()
        #expect(batch?.rowCount == 8)
        #expect(batch?.exampleCount == 8)
    }

    @Test func refusesWhatCannotFillABatch() throws {
        #expect(
            throws: DatasetError.batchNotFilled(
                set: "all", batchSize: 8, epochsPerPass: 2, examplesPerEpoch: 3)
        ) {
            try TrainingBatches(
                Self.singles(3), batchSize: 8, epochsPerPass: 2, using: SeededGenerator(seed: 5))
        }
        #expect(throws: DatasetError.invalidBatchSize(0)) {
            try TrainingBatches(Self.singles(3), batchSize: 0, using: SeededGenerator(seed: 5))
        }
        let empty = try PuzzleDataset(
            metadata: DatasetMetadata(
                vocabularySize: 2, sequenceLength: 1, groupCount: 0, meanExamplesPerPuzzle: 0),
            sets: [
                PuzzleArrays(
                    inputs: CompactIntegers(), labels: CompactIntegers(), puzzleIdentifiers: [],
                    puzzleIndices: [0], groupIndices: [0])
            ])
        #expect(throws: DatasetError.self) {
            try TrainingBatches(empty, batchSize: 1, using: SeededGenerator(seed: 5))
        }
        #expect(EvaluationBatches(empty, batchSize: 4).map(\.exampleCount) == [])
    }

    @Test func drawsPuzzlesAndExamplesFairly() throws {
        // Group 1 has the puzzles 1 (one example) and 2 (two examples), chosen with equal
        // probability.
        var batches = try TrainingBatches(
            SampleDataset.make(), batchSize: 5, using: SeededGenerator(seed: 6))
        var counts: [String: Int] = [:]
        var rows: [Int32: Int] = [:]
        for _ in 0..<3000 {
            let next = batches.next()
            let batch = try #require(next)
            #expect(batch.exampleCount == 5)
            counts[batch.setName, default: 0] += 1
            if batch.setName == "a" {
                // Rows of one puzzle are consecutive, and no example is repeated.
                for identifier in batch.puzzleIdentifiers { rows[identifier, default: 0] += 1 }
            } else {
                #expect(Set(batch.inputs).count == 5)
            }
        }
        let a = try #require(counts["a"])
        let b = try #require(counts["b"])
        #expect(a + b == 3000)
        #expect(a > 900 && b > 900)
        // Identifier 3 is puzzle 2 (two rows), identifier 2 is puzzle 1 (one row).
        let ratio = Double(rows[3] ?? 0) / Double(rows[2] ?? 1)
        #expect(ratio > 1.6 && ratio < 2.2)
    }

    @Test func seedDecidesAndStateResumes() throws {
        let dataset = try SampleDataset.make()
        var first = try TrainingBatches(dataset, batchSize: 4, using: SeededGenerator(seed: 7))
        var second = try TrainingBatches(dataset, batchSize: 4, using: SeededGenerator(seed: 7))
        var other = try TrainingBatches(dataset, batchSize: 4, using: SeededGenerator(seed: 8))
        var differs = false
        for _ in 0..<50 {
            let batch = first.next()
            #expect(batch == second.next())
            differs = differs || batch != other.next()
        }
        #expect(differs)
        var resumed = try TrainingBatches(dataset, batchSize: 4, resuming: first.state)
        for _ in 0..<50 { #expect(resumed.next() == first.next()) }

        var state = first.state
        state.setIndex = 2
        #expect(throws: DatasetError.self) {
            try TrainingBatches(dataset, batchSize: 4, resuming: state)
        }
        state = first.state
        state.groupOrder = [99]
        state.position = 0
        #expect(throws: DatasetError.self) {
            try TrainingBatches(dataset, batchSize: 4, resuming: state)
        }
        state.groupOrder = []
        state.position = 1
        #expect(throws: DatasetError.self) {
            try TrainingBatches(dataset, batchSize: 4, resuming: state)
        }
    }
}

@Suite struct EvaluationBatchesTests {
    @Test func everyExampleOnceInOrder() throws {
        let dataset = try SampleDataset.make()
        let batches = EvaluationBatches(dataset, batchSize: 4)
        let all = Array(batches)
        #expect(all.count == batches.count)
        #expect(all.map(\.exampleCount) == [4, 4, 2, 4, 1])
        #expect(all.map(\.setName) == ["a", "a", "a", "b", "b"])
        #expect(all.allSatisfy { $0.rowCount == 4 })
        let inputs = all.prefix(3).flatMap { $0.inputs.prefix($0.exampleCount * 2) }
        let expected: [Int32] = [1, 2, 2, 2, 3, 2, 4, 2, 5, 2, 1, 2, 2, 2, 3, 2, 4, 2, 5, 2]
        #expect(inputs == expected)
        let identifiers: [Int32] = [1, 1, 1, 2, 3, 3, 1, 1, 1, 1, 0, 0]
        #expect(all.prefix(3).flatMap(\.puzzleIdentifiers) == identifiers)
    }

    @Test func workersShareEveryBatch() throws {
        let dataset = try SampleDataset.make()
        let whole = Array(EvaluationBatches(dataset, batchSize: 6))
        let shares = (0..<3).map {
            Array(EvaluationBatches(dataset, batchSize: 6, worker: $0, workerCount: 3))
        }
        for (index, batch) in whole.enumerated() {
            let parts = shares.map { $0[index] }
            #expect(parts.flatMap(\.inputs) == batch.inputs)
            #expect(parts.flatMap(\.labels) == batch.labels)
            #expect(parts.flatMap(\.puzzleIdentifiers) == batch.puzzleIdentifiers)
            #expect(parts.map(\.exampleCount).reduce(0, +) == batch.exampleCount)
            #expect(parts.allSatisfy { $0.globalExampleCount == batch.exampleCount })
        }
        #expect(shares[2].map(\.exampleCount) == [2, 0, 1])
    }

    @Test func emptyPuzzlesArePassedOver() {
        let set = SampleDataset.set(
            name: "a", identifiers: [1, 2, 3], puzzles: [0, 2, 2, 3], groups: [0, 3])
        #expect((0..<3).map(set.puzzle(ofExample:)) == [0, 0, 2])
    }
}
