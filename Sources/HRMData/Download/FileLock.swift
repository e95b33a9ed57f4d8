package import Foundation
import HRMFiles

/// An exclusive lock between processes; it is released when the process ends.
///
/// `huggingface_hub` locks the same files in the same way.
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``DownloadError/busy(path:)`` if another process holds the lock.
    package init(_ url: URL) throws(DownloadError) {
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
