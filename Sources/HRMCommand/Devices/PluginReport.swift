import Foundation
import HRMAccelerator
import HRMData

/// What is known of a plug-in, as `hrm devices check --json` prints it.
struct PluginReport: Codable {
    /// A device.
    struct Device: Codable {
        var identifier: Int
        var kind: String
        var memoryInUse: Int?
        var memoryLimit: Int?
    }

    var plugin: String
    var version: String?
    var tableBytes: Int?
    var extensions: [Int] = []
    var missingFunctions: [String] = []
    var attributes: [String: String] = [:]
    var platform: String?
    var platformVersion: String?
    var devices: [Device] = []
    var findings: [ConformanceCheck.Finding] = []
    /// The error that ended the report.
    var error: String?

    /// Opens a plug-in and lists its devices, in this process.
    ///
    /// - Parameters:
    ///   - url: The plug-in.
    ///   - changed: Called with a client when there is one.
    /// - Returns: The report, with the error of a plug-in that cannot be used.
    /// - Throws: The error of `changed`.
    static func make(
        _ url: URL, _ changed: (inout PluginReport, AcceleratorClient) throws -> Void
    ) throws -> PluginReport {
        var report = PluginReport(plugin: url.path)
        do {
            let plugin = try AcceleratorPlugin.load(at: url)
            report.version = plugin.version.description
            report.tableBytes = plugin.tableByteCount
            report.extensions = plugin.extensions.map(\.kind)
            report.missingFunctions = plugin.missingFunctions
            report.attributes = plugin.attributes.mapValues(\.description)
            let client = try AcceleratorClient(plugin: plugin)
            report.platform = client.platformName
            report.platformVersion = client.platformVersion
            report.devices = client.devices.enumerated().map { index, device in
                let memory = client.memory(of: index)
                return Device(
                    identifier: device.identifier, kind: device.kind,
                    memoryInUse: memory?.byteCountInUse, memoryLimit: memory?.limit)
            }
            try changed(&report, client)
        } catch let error as AcceleratorError {
            report.error = error.description
        }
        return report
    }

    /// Returns the report of a process of its own, which a plug-in can end without harm.
    ///
    /// - Parameters:
    ///   - url: The plug-in.
    ///   - seconds: The time after which the process is ended.
    /// - Returns: The report.
    static func ofProcess(_ url: URL, seconds: Double = 60) -> PluginReport {
        var report = PluginReport(plugin: url.path)
        guard let program = Bundle.main.executableURL else {
            report.error = "the program does not know its own file"
            return report
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = ["devices", "check", "--json", "--quick", url.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            report.error = ErrorText.words(for: error)
            return report
        }
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: deadline)
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        deadline.cancel()
        if let read = try? JSONDecoder().decode(PluginReport.self, from: bytes) { return read }
        report.error =
            process.terminationReason == .uncaughtSignal
            ? "the plug-in ends the process (signal \(process.terminationStatus))"
            : "the plug-in does not tell its devices"
        return report
    }
}
