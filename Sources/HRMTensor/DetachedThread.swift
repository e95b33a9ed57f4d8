#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A thread outside the cooperative pool.
///
/// A dispatch queue blocks until the system has a thread for it, and Foundation's `Thread` does not
/// report that it could not be started.
package enum DetachedThread {
    /// Runs `body` on a new thread.
    ///
    /// - Parameter body: The work; it is not waited for.
    /// - Returns: True if the system could start a thread; otherwise `body` is never run.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
            let status = unsafe pthread_create(
                &thread, nil, { unsafe DetachedThread.run($0) }, work.toOpaque())
        #else
            var thread = pthread_t()
            let status = unsafe pthread_create(
                &thread, nil,
                { argument in unsafe argument.map { unsafe DetachedThread.run($0) } ?? nil },
                work.toOpaque())
        #endif
        guard status == 0 else {
            unsafe work.release()
            return false
        }
        #if canImport(Darwin)
            if let thread = unsafe thread { unsafe pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
        return true
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static func run(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        // SAFETY: the argument is the work that `start` retained for this thread alone.
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}
