import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Properties of sessions: steps equal whole passes, rows are independent, misuse is refused.
@Suite struct TextSessionTests {
    /// The tolerance of logits that are computed in another order.
    private func tolerance(_ precision: Precision) -> Tolerance {
        Tolerance(absolute: precision == .float32 ? 3e-5 : 0.12)
    }

    @Test(arguments: Precision.allCases, [1, 3, 12])
    func prefillAndStepsEqualTheWholePass(_ precision: Precision, _ promptLength: Int) throws {
        let model = TinyText.model(precision: precision)
        let ids = TinyText.ids(promptLength + 5, seed: 3)
        let types = ids.indices.map { Int32($0 < promptLength ? 1 : 0) }
        let whole = try model.logits(of: TextRow(ids: ids, types: types))
        let session = TextSession(model: model, capacity: 32)
        var logits = try session.prefill([.prompt(Array(ids[..<promptLength]))])
        for place in promptLength..<ids.count {
            expectClose(logits[0], whole[place - 1], tolerance(precision), "place \(place - 1)")
            logits = try session.decode([ids[place]])
        }
        expectClose(logits[0], whole[ids.count - 1], tolerance(precision), "the last place")
        #expect(session.lengths == [ids.count])
    }

    @Test(arguments: Precision.allCases)
    func aBatchEqualsItsRowsAlone(_ precision: Precision) throws {
        let model = TinyText.model(precision: precision)
        let prompts = [4, 9, 1, 6, 2, 3, 8, 5, 7, 2].enumerated().map {
            TextRow.prompt(TinyText.ids($0.element, seed: UInt64($0.offset)))
        }
        let session = TextSession(model: model, capacity: 24, batch: prompts.count)
        var logits = try session.prefill(prompts)
        var steps: [[[Float]]] = [logits]
        let next = prompts.indices.map { TinyText.ids(3, seed: UInt64(50 + $0)) }
        for step in 0..<3 {
            logits = try session.decode(next.map { $0[step] })
            steps.append(logits)
        }
        for (row, prompt) in prompts.enumerated() {
            let alone = TextSession(model: model, capacity: 24)
            var own = try alone.prefill([prompt])
            for step in 0...3 {
                expectClose(
                    steps[step][row], own[0], tolerance(precision), "row \(row), step \(step)")
                if step < 3 { own = try alone.decode([next[row][step]]) }
            }
        }
    }

    @Test func aFreedRowIsRefilledWhileOthersContinue() throws {
        let model = TinyText.model()
        let session = TextSession(model: model, capacity: 24, batch: 2)
        let first = TextRow.prompt(TinyText.ids(5, seed: 1))
        let second = TextRow.prompt(TinyText.ids(7, seed: 2))
        let third = TextRow.prompt(TinyText.ids(3, seed: 3))
        _ = try session.prefill([first, second])
        _ = try session.decode([4, 5])
        session.finish(0)
        #expect(session.activeRows == [1])
        let alone = TextSession(model: model, capacity: 24)
        expectClose(
            try session.refill(0, with: third), try alone.prefill([third])[0],
            tolerance(.float32), "the refilled row")
        let both = try session.decode([8, 9])
        expectClose(both[0], try alone.decode([8])[0], tolerance(.float32), "after the refill")
        let other = TextSession(model: model, capacity: 24)
        _ = try other.prefill([second])
        _ = try other.decode([5])
        expectClose(both[1], try other.decode([9])[0], tolerance(.float32), "the other row")
    }

    @Test func aLaterChunkIsCausalAndEqualsSteps() throws {
        let model = TinyText.model()
        let prompt = TextRow.prompt(TinyText.ids(4, seed: 1))
        let chunk = TinyText.ids(11, seed: 2)
        let session = TextSession(model: model, capacity: 24)
        _ = try session.prefill([prompt])
        let atOnce = try session.extend(0, with: chunk)
        session.truncate(0, to: 4)
        var last: [Float] = []
        for id in chunk { last = try session.decode([id])[0] }
        expectClose(atOnce, last, tolerance(.float32), "the last logits")
    }

    @Test func typesHaveAnEffectOnlyWithPrefixAttention() throws {
        var configuration = TinyText.configuration()
        let ids = TinyText.ids(6, seed: 1)
        let open = TinyText.model(configuration)
        #expect(try open.logits(of: .prompt(ids)) != open.logits(of: TextRow(ids: ids)))
        configuration.hasPrefixAttention = false
        let causal = TinyText.model(configuration)
        #expect(try causal.logits(of: .prompt(ids)) == causal.logits(of: TextRow(ids: ids)))
        #expect(try causal.logits(of: TextRow(ids: ids)) == open.logits(of: TextRow(ids: ids)))
    }

    @Test func workersDoNotChangeASingleBit() throws {
        let ids = TinyText.ids(20, seed: 1)
        let results = try [1, 2, 3].map { workers -> [[Float]] in
            let model = TinyText.model(workers: workers)
            let session = TextSession(model: model, capacity: 32)
            return try session.prefill([.prompt(ids)]) + session.decode([7])
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test func wrongRowsAreRefusedAndChangeNothing() throws {
        let model = TinyText.model()
        let session = TextSession(model: model, capacity: 6, batch: 2)
        _ = try session.prefill([.prompt([1, 2, 3])])
        #expect(throws: TextSessionError.unknownToken(id: 37, vocabularySize: 37)) {
            try session.decode([37])
        }
        #expect(throws: TextSessionError.unknownToken(id: -1, vocabularySize: 37)) {
            try session.extend(0, with: [4, -1])
        }
        #expect(throws: TextSessionError.contextExceeded(needed: 7, capacity: 6)) {
            try session.extend(0, with: [1, 2, 3, 4])
        }
        #expect(throws: TextSessionError.emptyRow) { try session.refill(1, with: .prompt([])) }
        #expect(throws: TextSessionError.typeCount(tokens: 2, types: 1)) {
            try session.refill(1, with: TextRow(ids: [1, 2], types: [1]))
        }
        #expect(session.lengths == [3, 0])
        let expected = try model.logits(of: TextRow(ids: [1, 2, 3, 4], types: [1, 1, 1, 0]))
        expectClose(try session.decode([4])[0], expected[3], tolerance(.float32), "the next token")
    }

    @Test func aRowOnlyOfPaddingGivesFiniteNumbers() throws {
        let model = TinyText.model()
        let row = TextRow(ids: [1, 2, 3, 4], types: [1, 1, 1, 1], mask: [0, 0, 0, 0])
        #expect(try model.logits(of: row).allSatisfy { $0.allSatisfy(\.isFinite) })
    }
}
