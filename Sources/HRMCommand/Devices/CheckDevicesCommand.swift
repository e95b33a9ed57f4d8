import ArgumentParser
import Foundation
import HRMAccelerator
import HRMFigures

/// The command `hrm devices check`.
struct CheckDevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check what a plug-in has of the things that hrm uses.",
        discussion: """
            Small programs are compiled and run on its devices. The exit status is 1 if the plug-in \
            lacks something.
            """)

    @Argument(help: "A platform, such as cpu or cuda, or the file of a plug-in.")
    var plugin: String

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: ArgumentHelp("List the devices only.", visibility: .hidden))
    var quick = false

    func run() throws {
        let search = PluginSearch(environment: ProcessInfo.processInfo.environment)
        let isFile = FileManager.default.fileExists(atPath: plugin)
        let url = isFile ? URL(fileURLWithPath: plugin) : try search.plugin(named: plugin).url
        let report = try PluginReport.make(url) { report, client in
            if !json { try Self.describe(report) }
            guard !quick else { return }
            try ConformanceCheck(client: client).run { finding in
                report.findings.append(finding)
                if !json {
                    let detail = finding.detail.isEmpty ? "" : ": \(finding.detail)"
                    try Console.print(
                        "\(finding.passes ? "has  " : "lacks") \(finding.name)\(detail)")
                }
            }
        }
        if json { try Console.print(report.line()) }
        if let error = report.error, !json { throw CommandError(error) }
        let passes = report.error == nil && report.findings.allSatisfy(\.passes)
        guard passes else { throw ExitCode(ExitStatus.failed) }
    }

    private static func describe(_ report: PluginReport) throws {
        var facts = Table(columns: [.init("fact"), .init("value")])
        facts.append(["plug-in", report.plugin])
        facts.append([
            "interface", "version \(report.version ?? ""), \(report.tableBytes ?? 0) bytes",
        ])
        facts.append(["platform", "\(report.platform ?? "") \(report.platformVersion ?? "")"])
        facts.append(["extensions", report.extensions.map(String.init).joined(separator: ", ")])
        for (name, value) in report.attributes.sorted(by: { $0.key < $1.key }) {
            facts.append([name, value])
        }
        for device in report.devices {
            let limit = device.memoryLimit.map { NumberText.bytes($0) } ?? "not told"
            facts.append(["device \(device.identifier)", "\(device.kind), memory \(limit)"])
        }
        try Console.print(facts.text)
    }
}
