/// The device that a command computes on: the value of `--device`.
package enum DeviceSelection: Hashable, Sendable {
    /// This package's own engine on the processors of this machine.
    case processors
    /// A plug-in by the name of its platform, for instance `cpu` or `cuda`, or by its file.
    case plugin(String)

    /// Parses `cpu` or `pjrt:NAME`, where `NAME` is a platform or the path of a file; nil if the text
    /// is neither.
    package init?(text: String) {
        let prefix = "pjrt:"
        if text == "cpu" {
            self = .processors
        } else if text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count,
            !text.utf8.contains(0)
        {
            self = .plugin(String(text.dropFirst(prefix.count)))
        } else {
            return nil
        }
    }
}

extension DeviceSelection: CustomStringConvertible {
    /// The text from which the selection is parsed.
    package var description: String {
        switch self {
        case .processors: "cpu"
        case .plugin(let name): "pjrt:\(name)"
        }
    }
}

extension DeviceSelection {
    /// Opens the selected plug-in, and creates a client.
    ///
    /// - Parameters:
    ///   - environment: The environment variables, which say where plug-ins are.
    ///   - devices: The number of devices to create on a platform whose number can be chosen; the
    ///     plug-in's own number if nil.
    /// - Returns: The client; nil for this package's own engine.
    /// - Throws: ``AcceleratorError`` if there is no such plug-in, or it cannot be used.
    package func client(
        environment: [String: String], devices: Int? = nil
    ) throws(AcceleratorError) -> AcceleratorClient? {
        guard case .plugin(let name) = self else { return nil }
        let found = try PluginSearch(environment: environment).plugin(named: name)
        let plugin = try AcceleratorPlugin.load(at: found.url)
        // The option is one of the platform "cpu"; others do not know it.
        let options: [String: NamedValue] =
            found.platform == "cpu"
            ? devices.map { ["cpu_device_count": .integer($0)] } ?? [:] : [:]
        let client = try AcceleratorClient(plugin: plugin, options: options)
        if let devices, client.devices.count < devices {
            throw .devices(needed: devices, found: client.devices.count)
        }
        return client
    }
}
