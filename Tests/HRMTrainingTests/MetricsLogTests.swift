import Foundation
import HRMTraining
import Testing
import _HRMTestSupport

@testable import HRMFiles

@Suite struct MetricsLogTests {
    @Test func linesKeepOrderAndDigits() throws {
        try withScratchFolder { root in
            let folder = try RunFolder.create(at: root.appendingPathComponent("run"))
            let log = try MetricsLog(appendingTo: folder.metricsURL)
            try log.append([
                "step": .integer(1), "loss": .double(0.1), "lr": .double(1e-5),
                "accuracy": .float(0.1), "bad": .double(.nan), "worse": .float(-.infinity),
            ])
            // Another reader sees the line while the log is open.
            #expect(
                try String(contentsOf: folder.metricsURL, encoding: .utf8)
                    == #"{"step":1,"loss":0.1,"lr":1e-05,"accuracy":0.1,"bad":null,"worse":null}"#
                    + "\n")
            try log.append([(key: "set \"a\"\n", value: .text("té\u{1}st\\"))])
            try MetricsLog(appendingTo: folder.metricsURL).append(["step": .integer(2)])
            let lines = try String(contentsOf: folder.metricsURL, encoding: .utf8)
                .split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[1] == #"{"set \"a\"\n":"té\u0001st\\"}"#)
            #expect(lines[2] == #"{"step":2}"#)
        }
    }

    @Test(arguments: [
        .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3, -0.0, 1e16, 123_456_789.125, 1e22,
        0.1 + 0.2,
    ])
    func numbersReadBackTheSame(_ value: Double) throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("metrics.jsonl")
            try MetricsLog(appendingTo: url).append([
                "x": .double(value), "y": .float(Float(value)),
            ])
            let read = try JSONDecoder().decode([String: Double?].self, from: Data(contentsOf: url))
            #expect(read["x"] == .some(value))
            let rounded = Float(value)
            #expect(read["y"] == .some(rounded.isFinite ? Double("\(rounded)") : nil))
        }
    }

    @Test func aLogThatCannotBeMadeIsNamed() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("no/metrics.jsonl")
            #expect(
                throws: FileError(.write, path: url.path, reason: "No such file or directory")
            ) { try MetricsLog(appendingTo: url) }
        }
    }

    /// `step` is that of the event itself, and texts are no numbers.
    @Test func eventFilesGetTheNumbers() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            var file = try EventFile(appendingTo: url)
            try file.append(
                [
                    (key: "step", value: .integer(300)), (key: "a", value: .double(0.5)),
                    (key: "note", value: .text("no number")), (key: "n", value: .integer(3)),
                    (key: "lr", value: .float(0.25)),
                ], step: 300, at: Date(timeIntervalSince1970: 2.5))
            var reader = try EventFileReader(contentsOf: url)
            #expect(try reader.next()?.content == .version("brain.Event:2"))
            #expect(
                try reader.next()
                    == RunEvent(
                        wallTime: 2.5, step: 300,
                        content: .summary([
                            .init(tag: "a", kind: .scalar(0.5)), .init(tag: "n", kind: .scalar(3)),
                            .init(tag: "lr", kind: .scalar(0.25)),
                        ])))
            #expect(try reader.next() == nil)
        }
    }
}
