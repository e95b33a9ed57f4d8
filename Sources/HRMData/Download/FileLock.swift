import Foundation
import HRMFiles

/// A lock that one program at a time can have; it is gone with the program.
///
/// `huggingface_hub` locks the same files in the same way.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``DownloadError/busy(path:)`` when another program has the lock.
    init(_ url: URL) throws(DownloadError) {
        descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .cache(path: url.path, reason: FileProblem(errorNumber: errno).reason)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else {
                throw .cache(path: url.path, reason: FileProblem(errorNumber: number).reason)
            }
            throw .busy(path: url.path)
        }
    }

    deinit { close(descriptor) }
}
