internal import CPJRT
internal import Foundation
internal import HRMFiles

extension AcceleratorProgram {
    /// The way in which a program was obtained.
    package enum Origin: Hashable, Sendable {
        /// Compiled, and not stored since no cache was given.
        case compiled
        /// Compiled and stored.
        case stored
        /// Compiled and not stored, for this reason.
        case notStored(reason: String)
        /// Loaded from the cache.
        case cached
    }

    /// Returns the compiled program as bytes for the same plug-in and kind of device.
    ///
    /// - Throws: ``AcceleratorError`` if the plug-in cannot do this.
    func serialized() throws(AcceleratorError) -> Data {
        let plugin = client.plugin
        var bytes = Data()
        let error = unsafe withUnsafeMutablePointer(to: &bytes) { target in
            unsafe cpjrt_program_serialize(
                plugin.api, handle,
                { target, bytes, size in
                    guard let bytes = unsafe bytes else { return }
                    unsafe target?.assumingMemoryBound(to: Data.self).pointee.append(
                        UnsafeRawBufferPointer(start: bytes, count: size)
                            .assumingMemoryBound(to: UInt8.self))
                }, target)
        }
        try unsafe plugin.check("save a program", error)
        return bytes
    }
}

extension AcceleratorClient {
    /// Loads a program from the cache, or compiles and stores it.
    ///
    /// - Parameters:
    ///   - text: The program in StableHLO's text form, with a function `@main`.
    ///   - options: The options of the compiler.
    ///   - cache: The cache; nil for none.
    /// - Returns: The program, and where it is from.
    /// - Throws: ``AcceleratorError`` if the program does not compile. A defect of the cache is not
    ///   an error: the program is compiled.
    package func program(
        _ text: String, options: CompileOptions = CompileOptions(), cache: ProgramCache?
    ) throws(AcceleratorError) -> (program: AcceleratorProgram, origin: AcceleratorProgram.Origin) {
        guard let cache else { return (try compile(text, options: options), .compiled) }
        guard canStorePrograms else {
            let program = try compile(text, options: options)
            return (program, .notStored(reason: "the plug-in cannot save programs"))
        }
        let key = try key(of: text, options)
        if let stored = stored(key, text, options, cache) { return (stored, .cached) }
        let program = try compile(text, options: options)
        do {
            try cache.store(try program.serialized(), key: key)
            return (program, .stored)
        } catch {
            let reason = (error as? ProgramCache.Refusal)?.reason ?? "\(error)"
            return (program, .notStored(reason: reason))
        }
    }

    /// True if the plug-in can save and load compiled programs.
    package var canStorePrograms: Bool {
        plugin.has(CPJRT_Executable_Serialize) && plugin.has(CPJRT_Executable_DeserializeAndLoad)
    }

    /// Returns a program from the cache; nil, and no file, if it cannot be used.
    private func stored(
        _ key: String, _ text: String, _ options: CompileOptions, _ cache: ProgramCache
    ) -> AcceleratorProgram? {
        do {
            guard let bytes = try cache.bytes(of: key) else { return nil }
            return try load(bytes, text, options)
        } catch {
            cache.remove(key)
            return nil
        }
    }

    private func load(
        _ bytes: Data, _ text: String, _ options: CompileOptions
    ) throws(AcceleratorError) -> AcceleratorProgram {
        let signature = try checkedSignature(of: text, options)
        var loaded: OpaquePointer?
        let error = unsafe bytes.withUnsafeBytes { bytes in
            unsafe cpjrt_program_load(
                plugin.api, handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count, &loaded)
        }
        try unsafe plugin.check("load a program", error)
        guard let program = unsafe loaded else {
            throw .program(reason: "the plug-in has loaded none")
        }
        return try unsafe AcceleratorProgram(
            program, signature: signature, options: options, client: self)
    }

    /// Returns the name of a program's file: a digest of all that the compiled program depends on.
    private func key(
        of text: String, _ options: CompileOptions
    ) throws(AcceleratorError) -> String {
        var digest = SHA256()
        func add(_ part: String) { digest.update(with: Array("\(part.utf8.count):\(part)".utf8)) }
        let file = try? FileManager.default.attributesOfItem(atPath: plugin.url.path)
        add(plugin.url.path)
        add("\(file?[.size] ?? 0)")
        add("\((file?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)")
        add("\(plugin.version) \(platformName) \(platformVersion)")
        for (name, value) in plugin.attributes.sorted(by: { $0.key < $1.key }) {
            add("\(name)=\(value)")
        }
        for device in devices { add("\(device.identifier) \(device.kind)") }
        add(Self.processorFeatures)
        digest.update(with: try options.serialized(devices: devices.count))
        add(text)
        return digest.finalizedHexadecimal()
    }

    /// The features of this machine's processor, for which a program for processors is compiled.
    private static let processorFeatures: String = {
        guard let handle = FileHandle(forReadingAtPath: "/proc/cpuinfo"),
            let bytes = try? handle.read(upToCount: 1 << 16)
        else { return "" }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }.map(String.init)
            ?? ""
    }()
}
