import Foundation
import HRMModel
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMTraining

@Suite struct RunSearchTests {
    private func makeRun(
        _ path: String, in root: URL, state: RunDescription.State = .finished,
        metrics: String? = nil
    ) throws -> RunFolder {
        let folder = try RunFolder.create(at: root.appendingPathComponent(path))
        try folder.write(Preset.demo.configuration)
        var description = RunFolderTests.description
        description.state = state
        description.totalSteps = 4000
        try folder.write(description)
        if let metrics { try Data(metrics.utf8).write(to: folder.metricsURL) }
        return folder
    }

    @Test func runsAreFoundAndSummed() throws {
        try withScratchFolder { root in
            let metrics = """
                {"step":1,"train/exact_accuracy":1}
                {"step":10,"all.exact_accuracy":0.25}
                {"step":20,"all.exact_accuracy":0.75}
                {"step":30,"all.exact_accuracy":0.5}
                {"step":31,"train/exact_acc
                """
            let first = try makeRun("a/b/first", in: root, metrics: metrics)
            let second = try makeRun("second", in: root, state: .running)
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent("data/train"), withIntermediateDirectories: true)
            // Links to runs are followed, others not.
            let files = FileManager.default
            try files.createSymbolicLink(
                at: root.appendingPathComponent("best"), withDestinationURL: first.url)
            try files.createSymbolicLink(
                at: root.appendingPathComponent("a/loop"), withDestinationURL: root)
            try Data("x".utf8).write(to: root.appendingPathComponent("file"))

            let found = try RunSearch.runs(below: root)
            #expect(found.map(\.name) == ["a/b/first", "best", "second"])
            let summary = try found[0].summary.get()
            #expect(summary.steps == 30)
            #expect(
                summary.best
                    == .init(metric: "all.exact_accuracy", step: 20, value: 0.75))
            #expect(summary.description.totalSteps == 4000)
            let layout = ParameterLayout(
                configuration: Preset.demo.configuration.architecture,
                dimensions: RunFolderTests.description.dimensions)
            #expect(summary.parameterCount == layout.parameterCount)
            let sizes = try [first.configurationURL, first.descriptionURL, first.metricsURL].map {
                try Data(contentsOf: $0).count
            }
            #expect(summary.byteCount == sizes.reduce(0, +))

            let running = try found[2].summary.get()
            #expect(running.steps == 0 && running.best == nil)
            #expect(running.seemsStopped && !running.isBusy && !summary.seemsStopped)
            try second.whileLocked {
                let busy = try RunSummary(second)
                #expect(busy.isBusy && !busy.seemsStopped)
            }
            #expect(!second.isBusy)

            let itself = try RunSearch.runs(below: second.url)
            #expect(itself.map(\.name) == ["."])
        }
    }

    @Test func brokenRunsAreListed() throws {
        try withScratchFolder { root in
            let bad = try makeRun("bad-metrics", in: root, metrics: "{\"step\":1}\nnonsense\n")
            let huge = try makeRun("bad-numbers", in: root)
            var description = RunFolderTests.description
            description.dimensions.vocabularySize = .max
            try huge.write(description)
            let empty = try makeRun("empty", in: root)
            try Data().write(to: empty.descriptionURL)
            let lost = try makeRun("lost", in: root)
            try FileManager.default.removeItem(at: lost.configurationURL)
            _ = try makeRun("sound", in: root)

            let found = try RunSearch.runs(below: root)
            #expect(found.map(\.name) == ["bad-metrics", "bad-numbers", "empty", "lost", "sound"])
            let reasons = found.map { run -> String in
                if case .failure(let error) = run.summary { "\(error)" } else { "" }
            }
            #expect(reasons[0].hasPrefix("\(bad.metricsURL.path), line 2:"), "\(reasons[0])")
            #expect(reasons[1].contains("vocab_size is \(Int.max)"), "\(reasons[1])")
            #expect(reasons[2].contains("run.json"), "\(reasons[2])")
            #expect(reasons[3].contains("all_config.yaml"), "\(reasons[3])")
            #expect(reasons[4].isEmpty)
        }
    }

    @Test func nothingToSearch() throws {
        try withScratchFolder { root in
            let found = try RunSearch.runs(below: root)
            #expect(found.isEmpty)
            let none = root.appendingPathComponent("none")
            #expect(
                throws: FileError(.read, path: none.path, reason: "No such file or directory")
            ) { try RunSearch.runs(below: none) }
        }
    }
}
