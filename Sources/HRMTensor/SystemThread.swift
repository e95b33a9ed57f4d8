internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A thread of the operating system.
///
/// Limits on processes or memory can prevent a process from creating threads. The system's thread
/// pools then block forever, so availability is checked first.
package enum SystemThread {
    /// The error for a thread that the system could not create.
    package struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// The system's message.
        package let reason: String

        /// One sentence that states the problem, the reason and the remedy.
        package var description: String {
            "the system lets this process have no more threads (\(reason)); raise its limit of "
                + "processes ('ulimit -u') or of memory ('ulimit -v')"
        }
    }

    /// Runs `body` on a new thread.
    ///
    /// - Parameter body: The work of the thread, which ends with it.
    /// - Throws: ``Refusal`` if the thread cannot be created.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(Refusal) {
        try create(body).detach()
    }

    /// Returns whether the process can create this many additional threads at the same time.
    ///
    /// The threads are created and ended again; the result is cached, also if negative.
    static func canHave(_ count: Int) -> Bool {
        guard count > proven.load(ordering: .relaxed) else { return true }
        guard count < refused.load(ordering: .relaxed) else { return false }
        guard canMake(count) else {
            refused.store(count, ordering: .relaxed)
            return false
        }
        proven.store(count, ordering: .relaxed)
        return true
    }

    /// The largest number of threads that could be created.
    private static let proven = Atomic<Int>(0)
    /// The smallest number of threads that could not be created.
    private static let refused = Atomic<Int>(.max)

    private static func canMake(_ count: Int) -> Bool {
        let gate = DispatchSemaphore(value: 0)
        var threads: [Handle] = []
        while threads.count < count, let thread = try? create({ gate.wait() }) {
            threads.append(thread)
        }
        for _ in threads { gate.signal() }
        for thread in threads { thread.join() }
        return threads.count == count
    }

    /// A created thread, which must be joined or detached once.
    @safe private struct Handle {
        let thread: pthread_t

        #if canImport(Darwin)
            func join() { unsafe pthread_join(thread, nil) }
            func detach() { unsafe pthread_detach(thread) }
        #else
            func join() { pthread_join(thread, nil) }
            func detach() { pthread_detach(thread) }
        #endif
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private static func create(
        _ body: @escaping @Sendable () -> Void
    ) throws(Refusal) -> Handle {
        // SAFETY: the thread consumes the retained reference; without a thread it is released here.
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = unsafe pthread_create(&thread, nil, run, work.toOpaque())
        #if canImport(Darwin)
            if status == 0, let thread = unsafe thread { return unsafe Handle(thread: thread) }
        #else
            if status == 0 { return Handle(thread: thread) }
        #endif
        unsafe work.release()
        throw Refusal(reason: unsafe String(cString: strerror(status)))
    }

    #if canImport(Darwin)
        private static let run:
            @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? =
                {
                    unsafe Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body()
                    return nil
                }
    #else
        private static let run:
            @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
                if let work = unsafe $0 {
                    unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                }
                return nil
            }
    #endif
}
