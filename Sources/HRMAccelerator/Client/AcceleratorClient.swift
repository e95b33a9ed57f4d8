internal import CPJRT
internal import Foundation

/// The devices of a plug-in, and the owner of everything on them.
///
/// Programs and buffers keep their client, so it is destroyed after the last of them.
@safe
package final class AcceleratorClient {
    /// The plug-in.
    package let plugin: AcceleratorPlugin
    /// The name of the platform, for instance `cpu` or `cuda`.
    package let platformName: String
    /// The version of the platform's software; empty if the plug-in tells none.
    package let platformVersion: String
    /// The devices that this process can use, in the plug-in's order.
    package let devices: [AcceleratorDevice]
    let handle: OpaquePointer
    let deviceHandles: [OpaquePointer]

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - plugin: The plug-in.
    ///   - options: Options of the plug-in by name, for instance `cpu_device_count`.
    /// - Throws: ``AcceleratorError`` if the plug-in finds no devices or refuses an option.
    package init(
        plugin: AcceleratorPlugin, options: [String: NamedValue] = [:]
    ) throws(AcceleratorError) {
        let api = unsafe plugin.api
        try Self.validate(options)
        var created: OpaquePointer?
        let error = unsafe NamedValue.withValues(options) { values in
            unsafe cpjrt_client_create(api, values.baseAddress, values.count, &created)
        }
        try unsafe plugin.check("create a client", error)
        guard let handle = unsafe created else {
            throw .plugin(path: plugin.url.path, reason: "it creates no client")
        }
        self.plugin = plugin
        unsafe self.handle = unsafe handle
        do throws(AcceleratorError) {
            platformName = try unsafe Self.platformName(plugin, handle)
            platformVersion = try unsafe Self.platformVersion(plugin, handle)
            unsafe deviceHandles = try unsafe Self.devices(plugin, handle)
            devices = try unsafe Self.describe(plugin, deviceHandles)
        } catch {
            try? unsafe plugin.check("destroy a client", cpjrt_client_destroy(api, handle))
            throw error
        }
    }

    deinit {
        try? unsafe plugin.check("destroy a client", cpjrt_client_destroy(plugin.api, handle))
    }

    private static func validate(_ options: [String: NamedValue]) throws(AcceleratorError) {
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            guard (1...200).contains(name.utf8.count) else {
                throw .option(name: name, reason: "must have a name of 1 to 200 bytes")
            }
            if name == "cpu_device_count" {
                guard case .integer(let count) = value, (1...1024).contains(count) else {
                    throw .option(name: name, reason: "must be a whole number from 1 to 1,024")
                }
            }
        }
    }

    private static func platformName(
        _ plugin: AcceleratorPlugin, _ client: OpaquePointer
    ) throws(AcceleratorError) -> String {
        var text: UnsafePointer<CChar>?
        var size = 0
        try unsafe plugin.check(
            "tell its platform", cpjrt_client_platform(plugin.api, client, &text, &size))
        return unsafe String(pluginBytes: text, count: size)
    }

    private static func platformVersion(
        _ plugin: AcceleratorPlugin, _ client: OpaquePointer
    ) throws(AcceleratorError) -> String {
        guard plugin.has(CPJRT_Client_PlatformVersion) else { return "" }
        var text: UnsafePointer<CChar>?
        var size = 0
        try unsafe plugin.check(
            "tell its version", cpjrt_client_platform_version(plugin.api, client, &text, &size))
        return unsafe String(pluginBytes: text, count: size)
    }

    private static func devices(
        _ plugin: AcceleratorPlugin, _ client: OpaquePointer
    ) throws(AcceleratorError) -> [OpaquePointer] {
        var list: UnsafePointer<OpaquePointer?>?
        var count = 0
        try unsafe plugin.check(
            "list its devices", cpjrt_client_devices(plugin.api, client, &list, &count))
        let handles = unsafe UnsafeBufferPointer(start: list, count: count).compactMap {
            unsafe $0
        }
        guard unsafe !handles.isEmpty else { throw .devices(needed: 1, found: 0) }
        return unsafe handles
    }

    private static func describe(
        _ plugin: AcceleratorPlugin, _ handles: [OpaquePointer]
    ) throws(AcceleratorError) -> [AcceleratorDevice] {
        var result: [AcceleratorDevice] = []
        for index in unsafe handles.indices {
            let handle = unsafe handles[index]
            var identifier: Int32 = 0
            try unsafe plugin.check(
                "tell a device's number", cpjrt_device_id(plugin.api, handle, &identifier))
            var device = AcceleratorDevice(
                identifier: Int(identifier), kind: "", memoryKind: "")
            var text: UnsafePointer<CChar>?
            var size = 0
            if plugin.has(CPJRT_DeviceDescription_Kind) {
                try unsafe plugin.check(
                    "tell a device's kind", cpjrt_device_kind(plugin.api, handle, &text, &size))
                device.kind = unsafe String(pluginBytes: text, count: size)
            }
            if plugin.has(CPJRT_Device_DefaultMemory), plugin.has(CPJRT_Memory_Kind) {
                try unsafe plugin.check(
                    "tell a device's memory",
                    cpjrt_device_memory_kind(plugin.api, handle, &text, &size))
                device.memoryKind = unsafe String(pluginBytes: text, count: size)
            }
            result.append(device)
        }
        return result
    }

    /// Returns the use of a device's memory.
    ///
    /// - Parameter device: An index of ``devices``.
    /// - Returns: The use; nil if the plug-in does not tell it.
    package func memory(of device: Int) -> DeviceMemory? {
        precondition(devices.indices.contains(device), "device \(device) of \(devices.count)")
        guard plugin.has(CPJRT_Device_MemoryStats) else { return nil }
        var inUse: Int64 = 0
        var limit: Int64 = -1
        do throws(AcceleratorError) {
            try unsafe plugin.check(
                "tell the use of memory",
                cpjrt_device_memory(plugin.api, deviceHandles[device], &inUse, &limit))
        } catch {
            return nil
        }
        return DeviceMemory(byteCountInUse: Int(inUse), limit: limit > 0 ? Int(limit) : nil)
    }
}

// SAFETY: clients may be used on any thread; the properties are never written.
extension AcceleratorClient: @unchecked Sendable {}
