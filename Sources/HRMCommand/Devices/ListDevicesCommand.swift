import ArgumentParser
import Foundation
import HRMAccelerator
import HRMFigures

/// The command `hrm devices list`.
struct ListDevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List plug-ins and their devices.",
        discussion: """
            Each plug-in is opened in a process of its own, so one that fails does no harm.
            """)

    @Flag(help: "Print JSON, one object per plug-in.")
    var json = false

    func run() throws {
        let found = PluginSearch(environment: ProcessInfo.processInfo.environment).all()
        if found.isEmpty, !json {
            try Console.print(
                "No plug-in is installed; 'hrm devices install cpu' installs one. Without one, hrm "
                    + "computes on this machine's processors (--device cpu).")
            return
        }
        var table = Table(columns: [
            .init("--device"), .init("interface", .right), .init("devices", .right),
            .init("kind"), .init("memory", .right), .init("plug-in"),
        ])
        for plugin in found {
            let report = PluginReport.ofProcess(plugin.url)
            if json {
                try Console.print(report.line())
                continue
            }
            let limit = report.devices.first?.memoryLimit
            table.append([
                "pjrt:\(plugin.platform)", report.version ?? "", "\(report.devices.count)",
                report.error == nil ? report.devices.first?.kind ?? "" : "not usable",
                limit.map { NumberText.bytes($0) } ?? "not told", plugin.url.path,
            ])
            if let error = report.error { Console.tell("\(plugin.url.path): \(error)") }
        }
        if !json { try Console.print(table.text, terminator: "") }
    }
}

extension PluginReport {
    /// The report as JSON in one line, with sorted keys.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
