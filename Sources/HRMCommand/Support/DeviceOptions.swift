import ArgumentParser
import Foundation
import HRMAccelerator
import HRMDistributed
import HRMEngine
import HRMFiles
import HRMTensor

/// The options for the devices that a model runs on.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the model runs: cpu, this machine's processors with the package's own kernels; "
                + "or pjrt:NAME with an installed PJRT plug-in, such as pjrt:cuda or pjrt:cpu "
                + "('hrm devices'), or with the path of one.", valueName: "name"))
    var device = "cpu"
    @Option(
        help: ArgumentHelp(
            "Devices of the plug-in that share every batch; the batch must be a multiple.",
            valueName: "n"))
    var devices = 1

    func validate() throws {
        try devices.require(in: 1...1024, "--devices")
        guard DeviceSelection(text: device) != nil else {
            throw ValidationError(
                "--device is '\(device)'; use cpu, or pjrt: and the name or path of a plug-in, such "
                    + "as pjrt:cuda")
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
    /// - Returns: The provider of engines.
    /// - Throws: `AcceleratorError` if the plug-in cannot be used.
    func engines(_ workers: Workers, timed: Bool = false) throws -> any EngineProvider {
        try sharedEngines(workers) ?? CPUEngineProvider(workers: workers, timed: timed)
    }

    /// Returns what creates engines on the devices of a plug-in, or in all processes of a job; nil for
    /// this machine's processors.
    ///
    /// - Parameter workers: The threads of each process.
    /// - Returns: The provider of engines; nil for one process on its processors.
    /// - Throws: `AcceleratorError` if the plug-in cannot be used; ``UsageError`` for a plug-in in
    ///   several processes.
    func sharedEngines(_ workers: Workers) throws -> (any EngineProvider)? {
        guard let cluster = ProcessJob.cluster else { return try pluginEngines() }
        guard !usesPlugin else {
            throw UsageError(
                "--device is \(device), and the \(cluster.size) processes of a job divide a batch on "
                    + "processors only; start one process and use --devices for several devices of a "
                    + "machine, or leave --device out")
        }
        ProcessJob.tellBinding(workers)
        return ClusterEngineProvider(cluster: cluster, workers: workers)
    }

    /// Returns what creates engines on the devices of a plug-in; nil for this machine's processors.
    ///
    /// - Throws: `AcceleratorError` if the plug-in cannot be used.
    func pluginEngines() throws -> (any EngineProvider)? {
        let environment = ProcessInfo.processInfo.environment
        guard let selection = DeviceSelection(text: device),
            let client = try selection.client(environment: environment, devices: devices)
        else { return nil }
        let context = try AcceleratorContext(
            client: client, deviceCount: devices, cache: ProgramCache(environment: environment)
        ) { error in
            // A segment or a step ended halfway; the last checkpoint of a run is complete.
            Console.tell("Error: \(error)")
            Foundation.exit(ExitStatus.failed)
        }
        return AcceleratorEngineProvider(name: device, context: context)
    }
}
