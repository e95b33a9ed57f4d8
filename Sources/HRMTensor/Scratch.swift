/// Temporary memory of one worker's primitives, valid within a single call.
///
/// It grows to the largest requested size and is kept, so nothing is allocated once every operation
/// has run.
package final class Scratch {
    private var storage = Storage(byteCount: 0)
    private var byteCount = 0

    /// Creates an empty scratch area.
    package init() {}

    func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
        if bytes > byteCount {
            storage = Storage(byteCount: bytes, zeroed: false)
            byteCount = bytes
        }
        return unsafe storage.base
    }
}

// SAFETY: each worker has a separate scratch area and uses it from one thread at a time.
extension Scratch: @unchecked Sendable {}
