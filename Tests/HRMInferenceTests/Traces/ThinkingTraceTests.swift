import Foundation
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

@Suite struct ThinkingTraceTests {
    private static let question: [Int32] = [1, 2, 1, 1, 1, 1, 3, 1, 1, 4, 1, 1, 1, 1, 1, 5]

    private static func model(
        _ change: (inout HRMConfiguration) -> Void = { _ in }
    ) -> HierarchicalReasoningModel {
        var configuration = TinyPuzzles.architecture
        configuration.haltMaxSteps = 3
        configuration.highCycles = 2
        configuration.lowCycles = 2
        change(&configuration)
        var generator = SeededGenerator(seed: 11)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator, trainable: false)
        // A fresh Q head says the same at every moment.
        let head = model.layout.entry("q_head.weight")
        head.matrix(in: model.parameters).assign(
            (0..<head.count).map { Float($0 % 7) / 10 - 0.3 })
        model.pack(workers: Workers(count: 1))
        return model
    }

    @Test(arguments: ModelFamily.allCases, [1, 2])
    func readingsAreThePlainAnswers(family: ModelFamily, workers: Int) throws {
        let model = Self.model { $0.family = family }
        let workers = Workers(count: workers)
        let tracer = ThinkingTracer(model: model, workers: workers)
        let plain = try PuzzleReasoner(model: model, workers: workers).solve(tokens: Self.question)
        let steps = try tracer.trace(tokens: Self.question, detail: .steps)
        let cycles = try tracer.trace(tokens: Self.question, detail: .cycles)
        #expect(steps.thoughts == plain)
        #expect(cycles.thoughts == plain)
        for (step, detailed) in zip(steps.steps, cycles.steps) {
            #expect(step.updates.isEmpty)
            let last = try #require(detailed.updates.last)
            // What is read at a step's end is what is read after its last slow update.
            #expect(last.loop == .slow)
            #expect(last.reading.tokens == step.reading.tokens)
            #expect(last.reading.entropy == step.reading.entropy)
            #expect(last.reading.qHalt == step.reading.qHalt)
            var same = detailed
            same.updates = []
            #expect(same == step)
        }
    }

    /// The trace of a search shows its states and its changes, and ends as the search does.
    @Test(arguments: [1, 2])
    func tracesOfSearchesShowTheirChanges(thoughts: Int) throws {
        var configuration = TinyPuzzles.architecture
        configuration.family = .tiny
        configuration.highLayers = 0
        configuration.lowLayers = 1
        configuration.puzzleEmbeddingSize = 0
        configuration.puzzleEmbeddingLength = 0
        configuration.positionEncoding = .none
        configuration.relations = [.row, .column]
        configuration.symbolCount = 4
        configuration.ignoresContinue = true
        configuration.lossType = .softmaxCrossEntropy
        configuration.inputEncoding = .candidates
        configuration.haltMaxSteps = 40
        configuration.searchThoughts = thoughts
        var generator = SeededGenerator(seed: 5)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator, trainable: false)
        let workers = Workers(count: 1)
        let trace = try ThinkingTracer(model: model, workers: workers)
            .trace(tokens: Self.question, detail: .steps)
        var stream = PuzzleStream(
            model: model, task: nil, plan: .asTrained(model), slots: 1, workers: workers)
        var questions = [PuzzleStream.Question(tokens: Self.question)].makeIterator()
        var solutions: [PuzzleSolution] = []
        try stream.solve(next: { questions.next() }) { solutions.append($1) }
        #expect(solutions.count == 1)
        #expect(solutions.first?.totalSteps == trace.steps.count)
        #expect(solutions.first?.tokens == trace.steps.last?.reading.tokens)
        #expect(solutions.first?.qHalt == trace.steps.last?.reading.qHalt)
        let events = trace.steps.map(\.event)
        // Fresh weights strike nothing, so the search thinks up to its patience, and then pins.
        #expect(events.prefix(2) == [.thought, trace.steps[1].event])
        guard case .pin(let cell, let token) = try #require(events[1]) else {
            Issue.record("\(events) does not begin with a thought and a pin")
            return
        }
        #expect(trace.steps[1].reading.tokens[cell] == token)
        #expect(trace.steps[1].reading.changed == [cell])
        let copy = try JSONDecoder().decode(
            ThinkingTrace.self, from: JSONEncoder().encode(trace))
        #expect(copy == trace)
    }

    @Test func updatesAreNumbered() throws {
        let trace = try ThinkingTracer(model: Self.model(), workers: Workers(count: 1))
            .trace(tokens: Self.question, detail: .cycles)
        for step in trace.steps {
            #expect(step.updates.map(\.loop) == [.fast, .fast, .slow, .fast, .fast, .slow])
            #expect(step.updates.map(\.cycle) == [1, 1, 1, 2, 2, 2])
            #expect(step.updates.map(\.number) == [1, 2, 1, 1, 2, 1])
        }
        let transformer = ThinkingTracer(
            model: Self.model { $0.family = .transformer }, workers: Workers(count: 1))
        for step in try transformer.trace(tokens: Self.question, detail: .cycles).steps {
            #expect(step.updates.map(\.loop) == [.slow])
            #expect(step.lowChange == nil)
            #expect(step.updates[0].change == step.highChange)
        }
    }

    @Test func readingsFollowFromEachOther() throws {
        let trace = try ThinkingTracer(model: Self.model(), workers: Workers(count: 2))
            .trace(tokens: Self.question, detail: .cycles, maxSteps: 5)
        #expect(trace.steps.map(\.step) == [1, 2, 3, 4, 5])
        var stepBefore = Self.question
        var before = Self.question
        for step in trace.steps {
            #expect(step.reading.changed == Self.places(from: stepBefore, to: step.reading.tokens))
            stepBefore = step.reading.tokens
            #expect(step.highChange > 0 && step.highChange < 2)
            #expect((step.lowChange ?? 0) > 0)
            for update in step.updates {
                let reading = update.reading
                if update.loop == .slow {
                    #expect(reading.changed == Self.places(from: before, to: reading.tokens))
                    before = reading.tokens
                } else {
                    #expect(reading.changed.isEmpty)
                }
                #expect(update.change > 0 && update.change.isFinite)
                #expect(reading.entropy.allSatisfy { (0...1.791759469228055).contains($0) })
                #expect((0...1).contains(reading.confidence))
            }
            // The fast loop leaves alone what is read.
            for (first, second) in zip(step.updates, step.updates.dropFirst())
            where second.loop == .fast {
                #expect(second.reading.tokens == first.reading.tokens)
                #expect(second.reading.entropy == first.reading.entropy)
            }
        }
    }

    private static func places(from before: [Int32], to after: [Int32]) -> [Int] {
        after.indices.filter { before[$0] != after[$0] }
    }

    @Test func survivesJSON() throws {
        let trace = try ThinkingTracer(model: Self.model(), workers: Workers(count: 1))
            .trace(tokens: Self.question, detail: .cycles)
        let data = try JSONEncoder().encode(trace)
        #expect(try JSONDecoder().decode(ThinkingTrace.self, from: data) == trace)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(object.keys) == ["question", "vocabulary_size", "steps"])
        let step = try #require((object["steps"] as? [[String: Any]])?.first)
        let ofReading = ["tokens", "changed", "entropy", "q_halt", "q_continue"]
        #expect(
            Set(step.keys) == Set(["step", "high_change", "low_change", "updates"] + ofReading))
        let update = try #require((step["updates"] as? [[String: Any]])?.first)
        #expect(Set(update.keys) == Set(["loop", "cycle", "number", "change"] + ofReading))
    }

    @Test func changesAreRelativeToTheNewState() {
        let change = StateChange.relative(
            from: [9, 0, 0, 4], to: [9, 3, 4, 4], elements: 1..<3)
        #expect(change == 1)
        #expect(StateChange.relative(from: [2, 2], to: [2, 2], elements: 0..<2) == 0)
        #expect(StateChange.relative(from: [0], to: [0], elements: 0..<1) == 0)
        #expect(StateChange.relative(from: [3], to: [4], elements: 0..<1) == 0.25)
        #expect(StateChange.relative(from: [1], to: [0], elements: 0..<1) == .infinity)
    }
}
