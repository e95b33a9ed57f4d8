/// A device of a plug-in.
package struct AcceleratorDevice: Hashable, Sendable {
    /// The number of the device in its plug-in.
    package var identifier: Int
    /// The kind of device, for instance the name of a processor; empty if the plug-in tells none.
    package var kind: String
    /// The kind of its default memory; empty if the plug-in tells none.
    package var memoryKind: String
}

/// The use of a device's memory.
package struct DeviceMemory: Hashable, Sendable {
    /// The bytes in use.
    package var byteCountInUse: Int
    /// The bytes that can be used; nil if the plug-in does not tell.
    package var limit: Int?
}
