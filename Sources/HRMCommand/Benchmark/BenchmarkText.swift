import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMModel
import HRMTensor
import HRMTraining

/// The text of a benchmark.
struct BenchmarkText {
    let report: EngineBenchmark.Report
    let configuration: TrainingConfiguration
    let workers: Workers
    /// The device as the user named it.
    let device: String

    /// A table of speeds, and below it the distribution of time.
    var tables: String {
        let architecture = configuration.architecture
        let heading =
            (device == "cpu"
                ? "\(KernelPath.active.name) kernels, \(workers.count.counted("worker")), "
                : "\(device), ")
            + "\(architecture.forwardPrecision.rawValue), hidden size \(architecture.hiddenSize), "
            + "batch \(configuration.globalBatchSize)\n\n"
        return heading + speeds.text + "\n" + operations.text
    }

    private var speeds: Table {
        var table = Table(columns: [
            .init(""), .init("GFLOPS", .right), .init("of the peak", .right),
            .init("sequences/s", .right), .init("time", .right),
        ])
        for precision in Precision.allCases {
            table.append(["peak loop, \(precision.rawValue)", giga(peak(precision)), "", "", ""])
        }
        for (name, speed) in [
            ("segment of inference", report.inference), ("step of training", report.training),
        ] {
            table.append([
                name, giga(speed.operationsPerSecond), NumberText.percent(speed.peakShare),
                NumberText.significant(speed.sequencesPerSecond),
                NumberText.duration(seconds: speed.seconds),
            ])
            if let mixing = speed.mixing {
                table.append([
                    "  token mixing in it", giga(mixing.operationsPerSecond),
                    NumberText.percent(mixing.peakShare), "", "",
                ])
            }
        }
        let memory = NumberText.grouped(report.peakMemory / 1_000_000)
        table.append(["peak memory", "\(memory) MB", "", "", ""])
        return table
    }

    private var operations: Table {
        var table = Table(columns: [
            .init("where the time goes"), .init("inference", .right), .init("training", .right),
        ])
        for operation in EngineOperation.allCases {
            table.append(
                [operation.rawValue]
                    + [report.inference, report.training].map {
                        $0.operationShares[operation].map { NumberText.percent($0) } ?? ""
                    })
        }
        return table
    }

    /// Returns one line of JSON.
    func json() throws -> String {
        var members: [String: JSONValue] = [
            "kernels": .text(KernelPath.active.name),
            "workers": .integer(workers.count),
            "device": .text(device),
            "precision": .text(configuration.architecture.forwardPrecision.rawValue),
            "batch": .integer(configuration.globalBatchSize),
            "peak_bf16_gflops": .number(peak(.bfloat16) / 1e9),
            "peak_fp32_gflops": .number(peak(.float32) / 1e9),
            "peak_rss_bytes": .integer(report.peakMemory),
        ]
        for (name, speed) in [("inference", report.inference), ("training", report.training)] {
            members["\(name)_gflops"] = .number(speed.operationsPerSecond / 1e9)
            members["\(name)_peak_share"] = .number(speed.peakShare)
            members["\(name)_sequences_per_second"] = .number(speed.sequencesPerSecond)
            if let mixing = speed.mixing {
                members["\(name)_mixing_gflops"] = .number(mixing.operationsPerSecond / 1e9)
                members["\(name)_mixing_peak_share"] = .number(mixing.peakShare)
            }
            members["\(name)_seconds"] = .number(speed.seconds)
            members["\(name)_operations"] = .object(
                Dictionary(
                    uniqueKeysWithValues: speed.operationShares.map {
                        ($0.key.rawValue, .number($0.value))
                    }))
        }
        return try JSONValue.object(members).line()
    }

    private func peak(_ precision: Precision) -> Double { report.peak[precision] ?? .nan }

    private func giga(_ operations: Double) -> String {
        NumberText.fixed(operations / 1e9, digits: 1)
    }
}
