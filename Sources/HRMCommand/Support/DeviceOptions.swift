import ArgumentParser
import Foundation
import HRMAccelerator
import HRMEngine
import HRMFiles
import HRMTensor

/// The options for the devices that a model runs on.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the model runs: cpu, this machine's processors with the package's own kernels; "
                + "or pjrt:NAME with an installed PJRT plug-in, such as pjrt:cuda12 or pjrt:cpu "
                + "('hrm devices'), or with the path of one.", valueName: "name"))
    var device = "cpu"
    @Option(
        help: ArgumentHelp(
            "Devices of the plug-in that share every batch; the batch must be a multiple.",
            valueName: "n"))
    var devices = 1

    private static let prefix = "pjrt:"

    func validate() throws {
        try devices.require(in: 1...1024, "--devices")
        guard device == "cpu" || device.hasPrefix(Self.prefix) && device.count > Self.prefix.count
        else {
            throw ValidationError(
                "--device is '\(device)'; use cpu, or pjrt: and the name or path of a plug-in, such "
                    + "as pjrt:cuda12")
        }
        guard device != "cpu" || devices == 1 else {
            throw ValidationError(
                "--devices is for plug-ins; with --device cpu, --workers is the number of threads")
        }
    }

    /// True if a plug-in is chosen.
    var usesPlugin: Bool { device != "cpu" }

    /// Returns what creates engines on the chosen devices.
    ///
    /// - Parameters:
    ///   - workers: The threads of this machine's processors.
    ///   - timed: True to measure the time by kind of operation, on this machine's processors.
    /// - Throws: `AcceleratorError` if the plug-in cannot be used.
    func engines(_ workers: Workers, timed: Bool = false) throws -> any EngineProvider {
        try pluginEngines() ?? CPUEngineProvider(workers: workers, timed: timed)
    }

    /// Returns what creates engines on the devices of a plug-in; nil for this machine's processors.
    ///
    /// - Throws: `AcceleratorError` if the plug-in cannot be used.
    func pluginEngines() throws -> (any EngineProvider)? {
        guard usesPlugin else { return nil }
        let name = String(device.dropFirst(Self.prefix.count))
        let plugin = try AcceleratorPlugin.load(at: Self.file(named: name))
        let context = try AcceleratorContext(
            client: try client(of: plugin), deviceCount: devices,
            cache: ProgramCache(environment: ProcessInfo.processInfo.environment)
        ) { error in
            // A segment or a step ended halfway; the last checkpoint of a run is complete.
            Console.tell("Error: \(error)")
            Foundation.exit(ExitStatus.failed)
        }
        return AcceleratorEngineProvider(name: device, context: context)
    }

    /// Returns the library of a plug-in.
    private static func file(named name: String) throws -> URL {
        guard name.contains("/") else {
            throw AcceleratorError.plugin(
                path: name, reason: "no plug-in of this name is installed")
        }
        return URL(fileURLWithPath: name)
    }

    /// Creates a client with enough devices, where their number can be chosen.
    private func client(of plugin: AcceleratorPlugin) throws -> AcceleratorClient {
        do {
            return try AcceleratorClient(
                plugin: plugin, options: ["cpu_device_count": .integer(devices)])
        } catch {
            // Plug-ins for other platforms do not know the option.
            return try AcceleratorClient(plugin: plugin)
        }
    }
}
