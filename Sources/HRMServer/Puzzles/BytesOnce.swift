import Synchronization

/// Bytes that a reader of pieces gets as one piece, then the end.
final class BytesOnce: Sendable {
    private let bytes: Mutex<[UInt8]>

    init(_ bytes: [UInt8]) {
        self.bytes = Mutex(bytes)
    }

    /// Returns the bytes at the first call, then none.
    func take() -> [UInt8] {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }
}
