/// Memory that one worker's primitives use between their first and last line.
///
/// It grows to the largest need it meets and stays there, so nothing is allocated once every
/// operation has run.
public final class Scratch {
    private var storage = Storage(byteCount: 0)
    private var byteCount = 0

    /// An empty scratch area.
    public init() {}

    func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
        if bytes > byteCount {
            storage = Storage(byteCount: bytes, zeroed: false)
            byteCount = bytes
        }
        return unsafe storage.base
    }
}

// SAFETY: each worker has a scratch area of its own and uses it from one thread at a time.
extension Scratch: @unchecked Sendable {}
