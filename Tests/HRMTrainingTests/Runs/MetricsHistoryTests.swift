import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMTraining

@Suite struct MetricsHistoryTests {
    private static let date = Date(timeIntervalSince1970: 1)

    static func read(_ text: String, pointLimit: Int = 1000) throws -> MetricsHistory {
        try MetricsHistory(bytes: Array(text.utf8), path: "m.jsonl", pointLimit: pointLimit)
    }

    @Test func linesBecomeSeries() throws {
        let history = try Self.read(
            """
            {"step":1,"train/lm_loss":2.5,"train/lr":1e-05}
            {"step":2,"train/lm_loss":-0.25,"train/lr":0.0001}\r

             { "train/lm_loss" : null , "step" : 30 , "note" : "a \\"}\\\\" , "b" : true , "c" : false }\u{20}
            {"all.exact_accuracy":0.5,"step":30,"train\\/lr":3,"t\\u00e9st":1}
            {"all.exact_accuracy":0.5,"step":40}

            """)
        #expect(!history.isTruncated)
        #expect(history.lastStep == 40)
        #expect(
            history.series.map(\.name) == [
                "train/lm_loss", "train/lr", "all.exact_accuracy", "tést",
            ])
        let loss = try #require(history["train/lm_loss"])
        #expect(loss.points == [.init(step: 1, value: 2.5), .init(step: 2, value: -0.25)])
        #expect(loss.missingCount == 1 && loss.valueCount == 2 && loss.valuesPerPoint == 1)
        #expect(loss.largest == .init(step: 1, value: 2.5))
        #expect(history["train/lr"]?.points.map(\.value) == [1e-5, 1e-4, 3])
        let exact = try #require(history["all.exact_accuracy"])
        #expect(exact.largest == .init(step: 30, value: 0.5))
        #expect(exact.last == .init(step: 40, value: 0.5))
        #expect(history["none"] == nil)
    }

    @Test func aLogIsReadBack() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("metrics.jsonl")
            let log = try MetricsLog(appendingTo: url)
            var generator = SeededGenerator(seed: 5)
            var values: [Double] = []
            for step in 1...300 {
                let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
                values.append(value)
                try log.append(["step": .integer(step), "x": .double(value)])
            }
            let series = try #require(try MetricsHistory(contentsOf: url)["x"])
            #expect(series.points.map(\.value) == values.filter(\.isFinite))
            #expect(series.missingCount == values.count { !$0.isFinite })
        }
    }

    @Test func aLineThatBreaksOffIsLeftOut() throws {
        let line = #"{"step":2,"new":3,"a":4.25}"#
        for count in 0..<line.utf8.count {
            let history = try Self.read("{\"step\":1,\"a\":1}\n" + line.prefix(count))
            #expect(history.isTruncated == (count > 0), "\(count) bytes")
            #expect(history.series.map(\.name) == ["a"] && history.lastStep == 1)
        }
        let whole = try Self.read(line)
        #expect(!whole.isTruncated && whole["a"]?.last == .init(step: 2, value: 4.25))
        #expect(try Self.read("").series.isEmpty)
    }

    @Test(arguments: [
        ("[1]", "'[' is found where '{' should be"), (#"{"a":1}"#, "it has no step"),
        (#"{"step":-1}"#, "its step is not a whole number from 0"),
        (#"{"step":1.5}"#, "its step is not a whole number from 0"),
        (#"{"step":1e300}"#, "its step is not a whole number from 0"),
        (#"{"step":null}"#, "its step is not a whole number from 0"),
        (#"{"step":1,}"#, "'}' is found where a name in quotes should be"),
        (#"{"step":1 "a":2}"#, #"'"' is found where ',' or '}' should be"#),
        (#"{"step":1,"a":}"#, "'}' is found where a number, a text or null should be"),
        (#"{"step":1,"a":{}}"#, "'{' is found where a number, a text or null should be"),
        (#"{"step":1,"a":NaN}"#, "'N' is found where a number, a text or null should be"),
        (#"{"step":1,"a":+1}"#, "'+' is found where a number, a text or null should be"),
        (#"{"step":1,"a":1-2}"#, "'1' is found where a number, a text or null should be"),
        (#"{"step":1,"a":nul}"#, "'n' is found where a value should be"),
        (#"{"step":1,"a":1e999}"#, "a number is too large"),
        (#"{"step":1,"a"#, "a quote is not closed"),
        (#"{"step":1"#, "it ends where ',' or '}' should be"),
        (#"{"step":1}x"#, "something follows the object"),
        (#"{"step":1,"\q":2}"#, "a name is not valid JSON"),
    ])
    func damagedLinesAreNamed(_ line: String, _ reason: String) {
        #expect(
            throws: MetricsHistoryError.malformedLine(path: "m.jsonl", line: 3, reason: reason)
        ) { try Self.read("{\"step\":1}\n\n\(line)\n{\"step\":2}\n") }
    }

    @Test func limitsAreKept() throws {
        let names = (0...MetricsHistory.nameLimit).map { "\"n\($0)\":1" }
        let reason = "it has one metric more than 4096, which no run has"
        #expect(
            throws: MetricsHistoryError.malformedLine(path: "m.jsonl", line: 1, reason: reason)
        ) { try Self.read("{\"step\":1,\(names.joined(separator: ","))}\n") }
        let long = String(repeating: " ", count: ByteLines.longestLine + 1)
        #expect(
            throws: MetricsHistoryError.malformedLine(
                path: "m.jsonl", line: 2, reason: "it has more than 1048576 bytes")
        ) { try Self.read("{\"step\":1}\n\(long)") }
    }

    @Test(arguments: [2, 3, 7, 16])
    func pointsAreBounded(_ limit: Int) throws {
        var generator = SeededGenerator(seed: 77)
        for count in [0, 1, 2, 3, 5, 8, 31, 100, 257] {
            var series = MetricSeries(name: "x", pointLimit: limit)
            let values = (0..<count).map { _ in Double(Int.random(in: -9...9, using: &generator)) }
            for (index, value) in values.enumerated() { series.append(value, step: index + 1) }
            #expect(series.points.count <= limit && series.valueCount == count)
            #expect(series.largest?.value == values.max() && series.last?.value == values.last)
            let width = series.valuesPerPoint
            let groups = stride(from: 0, to: count, by: width).map {
                values[$0..<min($0 + width, count)]
            }
            #expect(series.points.count == groups.count, "\(count) values, \(width) a point")
            for (index, (point, group)) in zip(series.points, groups).enumerated() {
                expectClose(
                    point.value, group.reduce(0, +) / Double(group.count), "point \(index)")
                #expect(point.step == min((index + 1) * width, count))
            }
        }
    }

    private func expectClose(_ found: Double, _ expected: Double, _ comment: Comment) {
        #expect(abs(found - expected) < 1e-9, comment)
    }

    @Test func linesThatCrossPiecesAreWhole() throws {
        // Some megabytes, read in pieces of a quarter.
        let text = (1...40_000).map { "{\"step\":\($0),\"some/metric\":\($0 * 3),\"b\":0.5}\n" }
        let history = try Self.read(text.joined(), pointLimit: 1 << 20)
        let points = try #require(history["some/metric"]?.points)
        #expect(points == (1...40_000).map { .init(step: $0, value: Double($0 * 3)) })
        #expect(history["b"]?.valueCount == 40_000)
    }

    @Test func damagedFilesNeverCrash() {
        let sample = """
            {"step":1,"train/lm_loss":2.5,"train/lr":1e-05,"n":null}
            {"step":2,"train/lm_loss":2.25,"train/lr":1e-05,"\\u0041":"x"}
            {"step":2,"all.exact_accuracy":0.5}

            """
        let series = Mutations(
            "metrics", count: 4000, seed: 20_260, telling: Array("{}[]\",:\\019.-+eEnul \n\r".utf8))
        let readable = series.run(on: [Array(sample.utf8)]) { round in
            do throws(MetricsHistoryError) {
                let history = try MetricsHistory(bytes: round.bytes, path: "m.jsonl")
                for series in history.series {
                    let isFinite = series.points.allSatisfy(\.value.isFinite)
                    #expect(isFinite, "\(round.description)")
                    #expect(series.points.count == series.valueCount, "\(round.description)")
                }
                return true
            } catch {
                #expect(error.description.hasPrefix("m.jsonl, line "), "\(round.description)")
                return false
            }
        }
        #expect(readable > series.count / 50 && readable < series.count * 49 / 50)
    }

    @Test func eventFilesTellTheSame() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events.out.tfevents.1.host")
            var file = try EventFile(appendingTo: url)
            for step in 1...3 {
                try file.append(
                    [
                        (key: "step", value: .integer(step)),
                        (key: "a", value: .double(Double(step) / 2)),
                        (key: "b", value: .double(step == 2 ? .nan : 1)),
                    ], step: step, at: Self.date)
            }
            let history = try MetricsHistory(ofRun: root)
            #expect(history.series.map(\.name) == ["a", "b"])
            #expect(history["a"]?.points.map(\.value) == [0.5, 1, 1.5])
            #expect(history["b"]?.missingCount == 1 && history.lastStep == 3)
            #expect(try MetricsHistory(ofRun: url) == history)

            // Later files add to it.
            var second = try EventFile(
                appendingTo: root.appendingPathComponent("events.out.tfevents.2.host"))
            try second.append([(key: "a", value: .integer(9))], step: 4, at: Self.date)
            #expect(
                try MetricsHistory(ofRun: root)["a"]?.points.map(\.value) == [0.5, 1, 1.5, 9])
            try Data("{\"step\":7}\n".utf8).write(to: root.appendingPathComponent("metrics.jsonl"))
            #expect(try MetricsHistory(ofRun: root).series.isEmpty)
        }
    }

    /// Sessions replace what they go back behind; the points are those of the run as it went.
    @Test func filesOfARunThatWentBack() throws {
        try withScratchFolder { root in
            var number = 0
            func write(_ steps: ClosedRange<Int>, first: Int, scale: Int) throws {
                number += 1
                var file = try EventFile(
                    creating: root.appendingPathComponent("events.out.tfevents.\(number)"),
                    firstStep: first)
                for step in steps {
                    try file.append(
                        [(key: "a", value: .integer(step * scale))], step: step,
                        at: Self.date)
                }
            }
            try write(1...9, first: 1, scale: 1)
            // Killed at once after it had gone on, then back to a step before that.
            try write(7...8, first: 7, scale: 10)
            try write(6...6, first: 6, scale: 100)
            try write(7...7, first: 7, scale: 1000)
            let series = try #require(try MetricsHistory(ofRun: root)["a"])
            #expect(series.points.map(\.value) == [1, 2, 3, 4, 5, 600, 7000])
            #expect(series.last == .init(step: 7, value: 7000))
            #expect(series.valueCount == 7)
            #expect(try MetricsHistory(ofRun: root, pointLimit: 2)["a"]?.largest?.value == 7000)
        }
    }
}
