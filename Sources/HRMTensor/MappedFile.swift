#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The content of a file in memory that the system fills on first use.
///
/// If the file is replaced later, this value keeps the old bytes; the file must not be shortened in
/// place.
@safe
package final class MappedFile {
    /// The size of the file in bytes.
    package let byteCount: Int
    let base: UnsafeRawPointer?

    /// The error for a file that cannot be mapped.
    package struct Refusal: Error, Equatable, Sendable {
        /// The system's message, or the kind of file.
        package let reason: String
    }

    /// Maps a regular file.
    ///
    /// - Parameter path: The path of the file.
    /// - Throws: ``Refusal`` if it is missing, not regular or not readable.
    package init(path: String) throws(Refusal) {
        // A blocking open would wait for the writer of a FIFO.
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal() }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw Self.refusal() }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw Refusal(reason: "it is not a regular file")
        }
        byteCount = Int(facts.st_size)
        guard byteCount > 0 else {
            unsafe base = nil
            return
        }
        let block = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard unsafe block != MAP_FAILED, let block = unsafe block else { throw Self.refusal() }
        unsafe base = UnsafeRawPointer(block)
    }

    deinit {
        if let base = unsafe base {
            unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
        }
    }

    private static func refusal() -> Refusal {
        Refusal(reason: unsafe String(cString: strerror(errno)))
    }

    /// Tells the system that a part is not needed soon; it is read again when it is used.
    func releasePages(from start: UnsafeRawPointer, byteCount: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard page > 0 else { return }
        let first = unsafe start.alignedUp(toMultipleOf: page)
        let last = unsafe (start + byteCount).alignedDown(toMultipleOf: page)
        guard unsafe first < last else { return }
        unsafe madvise(UnsafeMutableRawPointer(mutating: first), last - first, MADV_DONTNEED)
    }

    /// Returns a copy of some of the bytes.
    ///
    /// - Precondition: The range is inside the file.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount,
            "bytes \(range) of a file of \(byteCount)")
        guard let base = unsafe base else { return [] }
        return unsafe [UInt8](
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}

// SAFETY: the memory is never written.
extension MappedFile: @unchecked Sendable {}
