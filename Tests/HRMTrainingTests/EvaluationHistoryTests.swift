import Foundation
import Testing
import _HRMTestSupport

@testable import HRMTraining

@Suite struct EvaluationHistoryTests {
    private static func history(
        _ lines: [String], metric: WatchedMetric = .exactAccuracy
    ) throws -> EvaluationHistory? {
        var result: EvaluationHistory?
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("metrics.jsonl")
            try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: url)
            result = EvaluationHistory(try MetricsHistory(contentsOf: url), metric: metric)
        }
        return result
    }

    private static func line(
        _ step: Int, _ exact: Double, count: Int = 10, set: String = "all", loss: Double = 1
    ) -> String {
        "{\"step\":\(step),\"\(set).count\":\(count),\"\(set).exact_accuracy\":\(exact),"
            + "\"\(set).lm_loss\":\(loss)}"
    }

    @Test func theBestAndTheLastAreFound() throws {
        let lines = [
            "{\"step\":1,\"train/exact_accuracy\":1,\"train/count\":4}",
            Self.line(100, 0.5, loss: 3),
            Self.line(200, 0.75, loss: 2), Self.line(300, 0.75, loss: 1),
            Self.line(400, 0.25, loss: 2),
        ]
        let exact = try #require(try Self.history(lines))
        #expect(exact.best == .init(step: 200, value: 0.75, count: 10))
        #expect(exact.last == .init(step: 400, value: 0.25, count: 10))
        #expect(exact.hasBetterThanLast)
        let loss = try #require(try Self.history(lines, metric: .tokenLoss))
        #expect(loss.best.step == 300 && loss.hasBetterThanLast)
        let rising = try #require(try Self.history(Array(lines[..<4])))
        #expect(!rising.hasBetterThanLast)
    }

    @Test func theAverageCountsWhereThereIsOne() throws {
        let history = try #require(
            try Self.history([
                "{\"step\":1,\"all.count\":4,\"all.exact_accuracy\":1,\"ema.all.count\":4,"
                    + "\"ema.all.exact_accuracy\":0.5}",
                "{\"step\":2,\"all.count\":4,\"all.exact_accuracy\":0.5,\"ema.all.count\":4,"
                    + "\"ema.all.exact_accuracy\":0.75}",
            ]))
        #expect(history.best == .init(step: 2, value: 0.75, count: 4) && !history.hasBetterThanLast)
    }

    @Test func setsCountByTheirPuzzles() throws {
        let history = try #require(
            try Self.history([
                Self.line(1, 1, count: 30, set: "easy"), Self.line(1, 0, count: 10, set: "hard"),
                Self.line(2, 0.5, count: 30, set: "easy"), Self.line(2, 1, count: 10, set: "hard"),
            ]))
        #expect(history.best == .init(step: 1, value: 0.75, count: 40))
        #expect(history.last == .init(step: 2, value: 0.625, count: 40))
    }

    /// A run that went back to a checkpoint evaluates at smaller steps again.
    @Test func theLastOneIsTheLastInTheFile() throws {
        let history = try #require(
            try Self.history([Self.line(100, 0.5), Self.line(300, 0), Self.line(200, 0.25)]))
        #expect(history.last.step == 200 && history.best.step == 100)
    }

    @Test func withoutEvaluationsThereIsNone() throws {
        #expect(try Self.history(["{\"step\":1,\"train/exact_accuracy\":0.5}"]) == nil)
        #expect(try Self.history([]) == nil)
        #expect(try Self.history([Self.line(1, 0.5, count: 0)]) == nil)
        #expect(try Self.history(["{\"step\":1,\"all.exact_accuracy\":0.5}"]) == nil)
    }
}
