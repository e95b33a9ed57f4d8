internal import CPJRT

/// A compiled program on the devices of a client.
@safe
package final class AcceleratorProgram {
    /// The client.
    package let client: AcceleratorClient
    /// The parameters and results of each replica.
    package let signature: ProgramSignature
    /// The options it was compiled with.
    package let options: CompileOptions
    /// The devices of the replicas, as indices of the client's devices.
    package let devices: [Int]
    let handle: OpaquePointer

    /// Takes over a program of the plug-in, and compares its results with the text's.
    init(
        _ handle: OpaquePointer, signature: ProgramSignature, options: CompileOptions,
        client: AcceleratorClient
    ) throws(AcceleratorError) {
        self.client = client
        self.signature = signature
        self.options = options
        unsafe self.handle = unsafe handle
        do throws(AcceleratorError) {
            devices = try unsafe Self.devices(of: handle, client)
            try unsafe Self.checkResults(of: handle, signature, client.plugin)
            guard devices.count == options.deviceCount else {
                throw AcceleratorError.devices(needed: options.deviceCount, found: devices.count)
            }
        } catch {
            try? unsafe client.plugin.check(
                "free a program", cpjrt_program_destroy(client.plugin.api, handle))
            throw error
        }
    }

    deinit {
        try? unsafe client.plugin.check(
            "free a program", cpjrt_program_destroy(client.plugin.api, handle))
    }

    private static func devices(
        of program: OpaquePointer, _ client: AcceleratorClient
    ) throws(AcceleratorError) -> [Int] {
        var list: UnsafePointer<OpaquePointer?>?
        var count = 0
        try unsafe client.plugin.check(
            "list a program's devices",
            cpjrt_program_devices(client.plugin.api, program, &list, &count))
        return unsafe UnsafeBufferPointer(start: list, count: count).compactMap { device in
            unsafe client.deviceHandles.firstIndex { unsafe $0 == device }
        }
    }

    private static func checkResults(
        of program: OpaquePointer, _ signature: ProgramSignature, _ plugin: AcceleratorPlugin
    ) throws(AcceleratorError) {
        var count = 0
        try unsafe plugin.check(
            "count a program's results",
            cpjrt_program_output_count(plugin.api, program, &count))
        guard count == signature.results.count else {
            throw .program(
                reason: "its text has \(signature.results.count) results, the plug-in's program "
                    + "\(count)")
        }
        guard plugin.has(CPJRT_Executable_OutputElementTypes),
            plugin.has(CPJRT_Executable_OutputDimensions)
        else { return }
        var found: [BufferType?] = []
        let error = unsafe withUnsafeMutablePointer(to: &found) { list in
            unsafe cpjrt_program_outputs(
                plugin.api, program,
                { list, count, types, ranks, dimensions in
                    guard let list = unsafe list?.assumingMemoryBound(to: [BufferType?].self),
                        let types = unsafe types, let ranks = unsafe ranks
                    else { return }
                    var start = 0
                    for index in 0..<count {
                        let rank = unsafe ranks[index]
                        let shape = unsafe UnsafeBufferPointer(
                            start: dimensions.map { unsafe $0 + start },
                            count: dimensions == nil ? 0 : rank
                        ).map { Int($0) }
                        let element = ElementType(pluginNumber: unsafe types[index])
                        let isPossible = shape.allSatisfy { $0 >= 0 }
                        unsafe list.pointee.append(
                            isPossible ? element.map { BufferType($0, shape) } : nil)
                        start += rank
                    }
                }, list)
        }
        try unsafe plugin.check("describe a program's results", error)
        for (index, pair) in zip(found, signature.results).enumerated() where pair.0 != pair.1 {
            throw .program(
                reason: "result \(index) is \(pair.1) in its text and "
                    + "\(pair.0?.description ?? "of an unknown type") in the plug-in's program")
        }
    }

    /// Runs the program on its one device.
    ///
    /// - Parameters:
    ///   - arguments: A buffer for each parameter; those of donated parameters are consumed.
    ///   - waits: True to wait until the program has ended; otherwise errors are thrown when a
    ///     result is read.
    /// - Returns: A buffer for each result.
    /// - Throws: ``AcceleratorError`` if an argument does not fit, or the program fails.
    package func run(
        _ arguments: [AcceleratorBuffer], waits: Bool = true
    ) throws(AcceleratorError) -> [AcceleratorBuffer] {
        try run(replicas: [arguments], waits: waits)[0]
    }

    /// Runs the program on all its devices.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of each replica, on the replica's device.
    ///   - waits: True to wait until all replicas have ended.
    /// - Returns: The results of each replica.
    /// - Throws: ``AcceleratorError`` if an argument does not fit, or the program fails.
    package func run(
        replicas arguments: [[AcceleratorBuffer]], waits: Bool = true
    ) throws(AcceleratorError) -> [[AcceleratorBuffer]] {
        let handles = try unsafe checkedHandles(arguments)
        let plugin = client.plugin
        let resultCount = signature.results.count
        var outputs = unsafe [OpaquePointer?](
            repeating: nil, count: devices.count * resultCount)
        let error = unsafe handles.withUnsafeBufferPointer { inputs in
            unsafe outputs.withUnsafeMutableBufferPointer { outputs in
                unsafe cpjrt_execute(
                    plugin.api, handle, inputs.baseAddress, devices.count,
                    signature.parameters.count, outputs.baseAddress, resultCount, nil, 0, waits)
            }
        }
        // Results that exist are owned before an error is thrown, so that nothing leaks.
        var results: [[AcceleratorBuffer]] = []
        var isComplete = true
        for (replica, device) in devices.enumerated() {
            var buffers: [AcceleratorBuffer] = []
            for (index, type) in signature.results.enumerated() {
                if let output = unsafe outputs[replica * resultCount + index] {
                    buffers.append(
                        unsafe AcceleratorBuffer(
                            output, type: type, device: device, client: client))
                } else {
                    isComplete = false
                }
            }
            results.append(buffers)
        }
        // A program that failed to start has taken nothing; one that failed later may have.
        if unsafe error == nil || isComplete {
            for (index, parameter) in signature.parameters.enumerated() where parameter.isDonated {
                for list in arguments { list[index].release() }
            }
        }
        try unsafe plugin.check("run a program", error)
        guard isComplete else { throw .program(reason: "it has returned too few results") }
        return results
    }

    /// Compares all arguments with the parameters, and returns the plug-in's buffers.
    private func checkedHandles(
        _ arguments: [[AcceleratorBuffer]]
    ) throws(AcceleratorError) -> [OpaquePointer?] {
        guard arguments.count == devices.count else {
            throw .argument(
                position: "a program for \(devices.count) replicas",
                reason: "was given the arguments of \(arguments.count)")
        }
        var handles: [OpaquePointer?] = unsafe []
        var uses: [ObjectIdentifier: Bool] = [:]
        for (replica, list) in arguments.enumerated() {
            guard list.count == signature.parameters.count else {
                throw .argument(
                    position: "a program with \(signature.parameters.count) parameters",
                    reason: "was given \(list.count) arguments")
            }
            for (index, (buffer, parameter)) in zip(list, signature.parameters).enumerated() {
                func position() -> String { "argument \(index) of replica \(replica)" }
                guard buffer.type == parameter.type else {
                    throw .argument(
                        position: position(), reason: "is \(buffer.type), not \(parameter.type)")
                }
                guard buffer.client === client else {
                    throw .argument(position: position(), reason: "belongs to another client")
                }
                guard buffer.device == devices[replica] else {
                    throw .argument(
                        position: position(),
                        reason: "is on device \(buffer.device), not on \(devices[replica])")
                }
                let identity = ObjectIdentifier(buffer)
                if let isDonated = uses[identity], isDonated || parameter.isDonated {
                    throw .argument(
                        position: position(),
                        reason: "is passed twice, and the program takes its memory")
                }
                uses[identity] = (uses[identity] ?? false) || parameter.isDonated
                let handle = try unsafe buffer.handle(position())
                unsafe handles.append(handle)
            }
        }
        return unsafe handles
    }
}

// SAFETY: programs may run on any thread; the properties are never written.
extension AcceleratorProgram: @unchecked Sendable {}

extension AcceleratorClient {
    /// Compiles a program.
    ///
    /// - Parameters:
    ///   - text: The program in StableHLO's text form, with a function `@main`.
    ///   - options: The numbers of replicas and partitions, and options of the compiler.
    /// - Returns: The program.
    /// - Throws: ``AcceleratorError`` with the plug-in's message if it does not compile.
    package func compile(
        _ text: String, options: CompileOptions = CompileOptions()
    ) throws(AcceleratorError) -> AcceleratorProgram {
        let signature = try checkedSignature(of: text, options)
        let bytes = try options.serialized(devices: devices.count)
        var created: OpaquePointer?
        // SAFETY: the text and the options live until the call returns.
        let error = unsafe Array(text.utf8).withUnsafeBytes { code in
            unsafe bytes.withUnsafeBytes { options in
                unsafe cpjrt_compile(
                    plugin.api, handle, code.baseAddress?.assumingMemoryBound(to: CChar.self),
                    code.count, options.baseAddress?.assumingMemoryBound(to: CChar.self),
                    options.count, &created)
            }
        }
        try unsafe plugin.check("compile a program", error)
        guard let program = unsafe created else {
            throw .program(reason: "the plug-in has returned none")
        }
        return try unsafe AcceleratorProgram(
            program, signature: signature, options: options, client: self)
    }

    /// Reads a program's signature, and compares its collective operations with the options.
    ///
    /// A plug-in counts replicas by the options: a program whose sums are over two replicas adds
    /// nothing, without an error, if it is compiled for one.
    func checkedSignature(
        of text: String, _ options: CompileOptions
    ) throws(AcceleratorError) -> ProgramSignature {
        let signature = try ProgramSignature(text: text)
        for size in signature.collectiveSizes where size != options.deviceCount {
            throw .program(
                reason: "a collective operation in it is over \(size) replicas, and the options "
                    + "are for \(options.deviceCount)")
        }
        return signature
    }
}
