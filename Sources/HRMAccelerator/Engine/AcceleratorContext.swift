internal import HRMModel
internal import Synchronization

/// The devices of a client that work together, and the programs compiled for them.
///
/// Engines of one context share compiled programs.
package final class AcceleratorContext: Sendable {
    /// The client.
    package let client: AcceleratorClient
    /// The number of devices that train together, the first ones of the client.
    package let deviceCount: Int
    /// Called with an error that a plug-in returns in the middle of a segment or a step.
    let failure: @Sendable (AcceleratorError) -> Never
    private let cache: ProgramCache?
    private let programs = Mutex<[ProgramKey: CompiledProgram]>([:])

    /// Creates a context.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - deviceCount: The number of devices that train together.
    ///   - cache: The compiled programs on disk; nil for none.
    ///   - failure: Ends the process after an error that no caller can handle, since the states of
    ///     the batch are lost; the default traps.
    /// - Throws: ``AcceleratorError/devices(needed:found:)``.
    package init(
        client: AcceleratorClient, deviceCount: Int = 1, cache: ProgramCache? = nil,
        failure: @escaping @Sendable (AcceleratorError) -> Never = {
            preconditionFailure("\($0)")
        }
    ) throws(AcceleratorError) {
        guard (1...client.devices.count).contains(deviceCount) else {
            throw .devices(needed: deviceCount, found: client.devices.count)
        }
        self.client = client
        self.deviceCount = deviceCount
        self.cache = cache
        self.failure = failure
    }

    /// Returns a compiled program, from memory if it was compiled before.
    func program(_ key: ProgramKey, devices: Int) throws(AcceleratorError) -> CompiledProgram {
        if let known = programs.withLock({ $0[key] }) { return known }
        let graph = key.graph
        let compiled = CompiledProgram(
            program: try client.program(
                graph.stableHLOText(name: key.name, replicas: devices),
                options: options(replicas: devices), cache: cache
            ).program,
            arguments: graph.arguments.map(\.name), results: graph.outputs.map(\.name))
        programs.withLock { $0[key] = compiled }
        return compiled
    }

    private func options(replicas: Int) -> CompileOptions {
        // Other platforms do not know the option.
        client.platformName == "cpu"
            ? CompileOptions(replicas: replicas)
            : CompileOptions(replicas: replicas, overrides: [:])
    }
}

/// A compiled program with the names of its arguments and results.
struct CompiledProgram: Sendable {
    let program: AcceleratorProgram
    let arguments: [String]
    let results: [String]

    /// Runs the program on named buffers of each replica.
    func run(
        _ replicas: [[String: AcceleratorBuffer]]
    ) throws(AcceleratorError) -> [[String: AcceleratorBuffer]] {
        var lists: [[AcceleratorBuffer]] = []
        for buffers in replicas {
            lists.append(
                arguments.map { name in
                    guard let buffer = buffers[name] else {
                        preconditionFailure("no buffer is named '\(name)'")
                    }
                    return buffer
                })
        }
        return try program.run(replicas: lists).map { outputs in
            Dictionary(uniqueKeysWithValues: zip(results, outputs))
        }
    }
}

/// The programs of engines.
enum ProgramKey: Hashable, Sendable {
    case segment(ModelShape, observed: Bool)
    case heads(ModelShape)
    case training(TrainingProgram)
    case average(ModelShape, OptimizerDescription)

    /// The name of the program's module.
    var name: String {
        switch self {
        case .segment: "segment"
        case .heads: "heads"
        case .training: "training_step"
        case .average: "average"
        }
    }

    var graph: Graph {
        switch self {
        case .segment(let shape, let observed): SegmentProgram.graph(shape, observed: observed)
        case .heads(let shape): SegmentProgram.heads(shape)
        case .training(let program): program.graph
        case .average(let shape, let optimizers): AverageProgram.graph(shape, optimizers)
        }
    }
}
