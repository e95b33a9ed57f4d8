internal import CPJRT
internal import Synchronization

/// An array in a device's memory.
@safe
package final class AcceleratorBuffer {
    /// The element type and shape.
    package let type: BufferType
    /// The device, as an index of the client's devices.
    package let device: Int
    /// The client.
    package let client: AcceleratorClient
    /// The buffer of the plug-in; nil when a program has taken its memory.
    private let state: Mutex<State>

    // SAFETY: the handle is used by the calls of the interface only, on any thread.
    @safe private struct State: @unchecked Sendable {
        var handle: OpaquePointer?
    }

    /// Takes over a buffer of the plug-in.
    init(_ handle: OpaquePointer, type: BufferType, device: Int, client: AcceleratorClient) {
        self.type = type
        self.device = device
        self.client = client
        state = Mutex(unsafe State(handle: handle))
    }

    deinit { release() }

    /// True if a program has taken the buffer's memory.
    package var isConsumed: Bool { state.withLock { unsafe $0.handle == nil } }

    /// Frees the memory; the buffer counts as consumed.
    package func release() {
        let plugin = client.plugin
        state.withLock { state in
            guard let handle = unsafe state.handle else { return }
            unsafe state.handle = nil
            try? unsafe plugin.check("free a buffer", cpjrt_buffer_destroy(plugin.api, handle))
        }
    }

    /// The buffer of the plug-in.
    ///
    /// - Throws: ``AcceleratorError/argument(position:reason:)`` if it is consumed.
    func handle(_ position: @autoclosure () -> String) throws(AcceleratorError) -> OpaquePointer {
        let current = state.withLock { $0 }
        guard let handle = unsafe current.handle else {
            throw .argument(
                position: position(),
                reason: "was given to a program that took its memory; use that program's result")
        }
        return unsafe handle
    }

    /// Copies the elements to the host, row-major, and waits until they are computed.
    ///
    /// - Parameter target: Memory of exactly the buffer's size.
    /// - Throws: ``AcceleratorError`` if the computation or the copy failed.
    /// - Precondition: The size is that of ``type``.
    package func read(into target: UnsafeMutableRawBufferPointer) throws(AcceleratorError) {
        precondition(
            target.count == type.byteCount, "\(target.count) bytes for a buffer \(type)")
        guard target.count > 0 else { return }
        let plugin = client.plugin
        let handle = try unsafe handle("a buffer \(type)")
        let rank = type.shape.count
        var size = 0
        try unsafe plugin.check(
            "tell a buffer's size", cpjrt_buffer_size(plugin.api, handle, rank, &size))
        guard size <= target.count else {
            throw .argument(
                position: "a buffer \(type)", reason: "has \(size) bytes on its device")
        }
        try unsafe plugin.check(
            "copy a buffer",
            cpjrt_buffer_read(plugin.api, handle, rank, target.baseAddress, target.count))
    }

    /// Returns the elements, row-major, as bytes.
    ///
    /// - Throws: ``AcceleratorError`` if the computation or the copy failed.
    package func bytes() throws(AcceleratorError) -> [UInt8] {
        try elements(UInt8.self, count: type.byteCount)
    }

    /// Returns the elements, row-major.
    ///
    /// - Parameter kind: The Swift type of the elements, of the same size.
    /// - Returns: The elements.
    /// - Throws: ``AcceleratorError`` if the computation or the copy failed.
    /// - Precondition: The size of the Swift type is that of the buffer's elements.
    package func read<Element: BitwiseCopyable>(
        as kind: Element.Type = Element.self
    ) throws(AcceleratorError) -> [Element] {
        precondition(
            MemoryLayout<Element>.stride == type.element.byteCount, "\(kind) in a buffer \(type)")
        return try elements(kind, count: type.count)
    }

    private func elements<Element: BitwiseCopyable>(
        _ kind: Element.Type, count: Int
    ) throws(AcceleratorError) -> [Element] {
        var failure: AcceleratorError?
        let result = unsafe [Element](unsafeUninitializedCapacity: count) { memory, filled in
            do throws(AcceleratorError) {
                try unsafe read(
                    into: UnsafeMutableRawBufferPointer(
                        start: memory.baseAddress, count: type.byteCount))
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Waits until the elements are computed.
    ///
    /// - Throws: ``AcceleratorError`` if the computation failed.
    package func wait() throws(AcceleratorError) {
        let plugin = client.plugin
        let handle = try unsafe handle("a buffer \(type)")
        guard plugin.has(CPJRT_Buffer_ReadyEvent) else { return }
        try unsafe plugin.check("compute a buffer", cpjrt_buffer_wait(plugin.api, handle))
    }
}

// SAFETY: the only mutable state is in a mutex.
extension AcceleratorBuffer: @unchecked Sendable {}

extension AcceleratorClient {
    /// Copies an array to a device.
    ///
    /// - Parameters:
    ///   - bytes: The elements, row-major, in the machine's byte order.
    ///   - type: The element type.
    ///   - shape: The extents, outermost first; empty for a scalar.
    ///   - device: An index of ``devices``.
    /// - Returns: The buffer; the bytes are not used after the call.
    /// - Throws: ``AcceleratorError`` if the device has no memory left.
    /// - Precondition: There are as many bytes as the type and shape need, and the device exists.
    package func buffer(
        copying bytes: UnsafeRawBufferPointer, type: ElementType, shape: [Int], device: Int = 0
    ) throws(AcceleratorError) -> AcceleratorBuffer {
        let whole = BufferType(type, shape)
        precondition(bytes.count == whole.byteCount, "\(bytes.count) bytes for \(whole)")
        precondition(devices.indices.contains(device), "device \(device) of \(devices.count)")
        var created: OpaquePointer?
        // Without elements there may be no address, which a plug-in need not accept.
        var nothing: UInt64 = 0
        let error = unsafe withUnsafePointer(to: &nothing) { spare in
            unsafe shape.map { Int64($0) }.withUnsafeBufferPointer { extents in
                unsafe cpjrt_buffer_create(
                    plugin.api, handle, deviceHandles[device],
                    bytes.baseAddress ?? UnsafeRawPointer(spare), type.pluginNumber,
                    extents.baseAddress, extents.count, &created)
            }
        }
        try unsafe plugin.check("copy \(whole) to a device", error)
        guard let buffer = unsafe created else {
            throw .argument(position: "a buffer \(whole)", reason: "was not created")
        }
        return unsafe AcceleratorBuffer(buffer, type: whole, device: device, client: self)
    }

    /// Copies an array of numbers to a device.
    ///
    /// - Parameters:
    ///   - elements: The elements, row-major.
    ///   - type: The element type, of the same size as the Swift type.
    ///   - shape: The extents, outermost first; empty for a scalar.
    ///   - device: An index of ``devices``.
    /// - Returns: The buffer.
    /// - Throws: ``AcceleratorError`` if the device has no memory left.
    /// - Precondition: There are as many elements as the shape needs.
    package func buffer<Element: BitwiseCopyable>(
        copying elements: [Element], type: ElementType, shape: [Int], device: Int = 0
    ) throws(AcceleratorError) -> AcceleratorBuffer {
        precondition(
            MemoryLayout<Element>.stride == type.byteCount, "\(Element.self) as \(type)")
        let result: Result<AcceleratorBuffer, AcceleratorError> =
            unsafe elements.withUnsafeBytes { bytes in
                Result { () throws(AcceleratorError) in
                    try unsafe buffer(copying: bytes, type: type, shape: shape, device: device)
                }
            }
        return try result.get()
    }
}
