import HRMText
import Synchronization
import Testing

@Suite struct TextGeneratorTests {
    @Test func answersAreAnAsynchronousSequence() async throws {
        let generator = try Toy.generator(script: try Toy.script("hello"))
        let requests = [try generator.request("a"), try generator.request("b")]
        var texts = ["", ""]
        var finished: [Int] = []
        for try await event in generator.answers(to: requests, rows: 2) {
            switch event {
            case .token(let request, _, let text): texts[request] += text
            case .finished(let request, let answer):
                #expect(answer.text == texts[request])
                finished.append(request)
            case .failed(_, let error): Issue.record(error)
            }
        }
        #expect(texts == ["hello", "hello"])
        #expect(finished.sorted() == [0, 1])
    }

    /// The work ends when nobody reads on, although the answer has no end.
    @Test func leavingTheLoopEndsTheWork() async throws {
        let steps = Mutex(0)
        let hasEnded = Mutex(false)
        final class Sentinel: Sendable {
            let end: @Sendable () -> Void
            init(_ end: @escaping @Sendable () -> Void) { self.end = end }
            deinit { end() }
        }
        do {
            let sentinel = Sentinel { hasEnded.withLock { $0 = true } }
            let generator = try Toy.generator(context: 1 << 40) { [sentinel] _ in
                _ = sentinel
                steps.withLock { $0 += 1 }
                return 40
            }
            for try await event in generator.answers(to: [try generator.request("a")]) {
                if case .token = event { break }
            }
        }
        // The sentinel lives as long as the work.
        var waits = 0
        while !hasEnded.withLock({ $0 }), waits < 2000 {
            try await Task.sleep(for: .milliseconds(5))
            waits += 1
        }
        #expect(hasEnded.withLock { $0 })
        #expect(steps.withLock { $0 } > 0)
    }

    @Test func cancelledAnswersAreReported() throws {
        let generator = try Toy.generator(script: try Toy.script("hello world"))
        var rest = [try generator.request("a"), try generator.request("b")][...]
        var steps = 0
        var answers: [GeneratedText] = []
        try generator.run(rows: 1) {
            rest.popFirst()
        } isCancelled: {
            steps > 4
        } report: { event in
            if case .token = event { steps += 1 }
            if case .finished(_, let answer) = event { answers.append(answer) }
        }
        #expect(answers.map(\.text) == ["hello"])
        #expect(answers.map(\.reason) == [.cancelled])
    }

    @Test func unfitContextsAreRefused() throws {
        #expect(throws: GenerationError.self) { try Toy.generator(context: 1) }
    }
}
