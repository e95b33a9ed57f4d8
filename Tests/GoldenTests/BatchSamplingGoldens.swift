import Foundation
import HRMData
import Testing

/// The recorded training passes, replayed choice by choice, and all test batches of all workers.
func checkBatchSampling(_ golden: GoldenCase) throws {
    let record = try golden.json(BatchRecord.self)
    let tensors = try golden.tensors("batches.safetensors")
    let data = golden.folder.appendingPathComponent("data")
    let training = try PuzzleDataset(folder: data, split: "train")
    #expect(!record.train_passes.isEmpty)
    for pass in record.train_passes { try check(pass, of: training, record.config, tensors) }
    let test = try PuzzleDataset(folder: data, split: "test")
    #expect(!record.test_batches.isEmpty)
    for (name, batches) in record.test_batches {
        try check(batches, named: name, of: test, record.config, tensors)
    }
}

private struct BatchRecord: Decodable {
    struct Config: Decodable {
        var global_batch_size: Int
        var epochs_per_iter: Int
    }

    struct Pass: Decodable {
        var pass_number: Int
        var group_order: [Int]
        var batches: [Batch]
        var batches_yielded: Int
    }

    struct Batch: Decodable {
        var next_start_index: Int
        var example_indices: [Int]
        var puzzle_indices: [Int]
        var groups: [Int]
        var yielded: Bool
    }

    struct TestBatch: Decodable {
        var set: String
        var effective_global_batch_size: Int
        var puzzle_identifiers: [Int]
    }

    var config: Config
    var train_passes: [Pass]
    var test_batches: [String: [TestBatch]]
}

/// The choices behind one recorded batch after another.
private struct ReplayedChoices: SamplingChoices {
    let groupOrder: [Int]
    var position = 0
    var puzzles: ArraySlice<Int> = []
    var examples: ArraySlice<Int> = []

    mutating func nextGroup() -> Int? {
        guard position < groupOrder.count else { return nil }
        defer { position += 1 }
        return groupOrder[position]
    }

    mutating func choosePuzzle(from range: Range<Int>) -> Int {
        guard let puzzle = puzzles.first, range.contains(puzzle) else {
            Issue.record("no puzzle of \(range) was recorded here")
            return range.lowerBound
        }
        return puzzle
    }

    mutating func chooseExamples(_ count: Int, from range: Range<Int>) -> [Int] {
        let chosen = Array(examples.prefix(count))
        #expect(Set(chosen).count == count && chosen.allSatisfy(range.contains))
        examples = examples.dropFirst(count)
        puzzles = puzzles.dropFirst(count)
        return chosen
    }
}

private func check(
    _ pass: BatchRecord.Pass, of dataset: PuzzleDataset, _ config: BatchRecord.Config,
    _ tensors: GoldenTensors
) throws {
    let setIndex = (pass.pass_number - 1) % dataset.sets.count
    let set = dataset.sets[setIndex]
    #expect(pass.group_order.count == config.epochs_per_iter * set.groupCount)
    for epoch in 0..<config.epochs_per_iter {
        let order = pass.group_order.dropFirst(epoch * set.groupCount).prefix(set.groupCount)
        #expect(order.sorted() == Array(0..<set.groupCount))
    }
    var choices = ReplayedChoices(groupOrder: pass.group_order)
    for (index, recorded) in pass.batches.enumerated() {
        choices.examples = recorded.example_indices[...]
        choices.puzzles = recorded.puzzle_indices[...]
        let selection = BatchSelection(
            filling: config.global_batch_size, from: set, by: &choices)
        #expect(selection.examples == recorded.example_indices)
        #expect(selection.puzzles == recorded.puzzle_indices)
        #expect(selection.groups == recorded.groups)
        #expect(choices.position == recorded.next_start_index)
        let isFull = selection.examples.count == config.global_batch_size
        #expect(isFull == recorded.yielded)
        if isFull {
            let batch = dataset.batch(
                examples: selection.examples, puzzles: selection.puzzles, set: setIndex)
            try expect(batch, equals: "train.pass\(pass.pass_number).batch\(index)", tensors)
        }
    }
    #expect(pass.batches.count(where: \.yielded) == pass.batches_yielded)
}

private func check(
    _ recorded: [BatchRecord.TestBatch], named name: String, of dataset: PuzzleDataset,
    _ config: BatchRecord.Config, _ tensors: GoldenTensors
) throws {
    // "workersN.rankR"
    let numbers = name.split(separator: ".").compactMap { Int($0.drop { !$0.isNumber }) }
    try #require(numbers.count == 2)
    let batches = Array(
        EvaluationBatches(
            dataset, batchSize: config.global_batch_size, worker: numbers[1],
            workerCount: numbers[0]))
    #expect(batches.count == recorded.count)
    for (index, (batch, expected)) in zip(batches, recorded).enumerated() {
        #expect(batch.setName == expected.set)
        #expect(batch.globalExampleCount == expected.effective_global_batch_size)
        #expect(batch.puzzleIdentifiers.map { Int($0) } == expected.puzzle_identifiers)
        try expect(batch, equals: "test.\(name).batch\(index)", tensors)
    }
}

private func expect(
    _ batch: PuzzleBatch, equals name: String, _ tensors: GoldenTensors
) throws {
    let inputs = try tensors["\(name).inputs"]
    #expect(inputs.shape == [batch.rowCount, batch.sequenceLength], "\(name)")
    #expect(batch.inputs.map { Int($0) } == inputs.integers, "\(name)")
    #expect(batch.labels.map { Int($0) } == (try tensors["\(name).labels"]).integers, "\(name)")
    let identifiers = try tensors["\(name).puzzle_identifiers"].integers
    #expect(batch.puzzleIdentifiers.map { Int($0) } == identifiers, "\(name)")
}
