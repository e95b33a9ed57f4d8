internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A thread of the operating system.
///
/// A process can be refused one by a limit on processes or on memory. The thread pools of the system
/// then wait without end, so this is asked first.
public enum SystemThread {
    /// The system's refusal of a thread.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// The system's words.
        public let reason: String

        /// One sentence: what is refused, why, and how to mend it.
        public var description: String {
            "the system lets this process have no more threads (\(reason)); raise its limit of "
                + "processes ('ulimit -u') or of memory ('ulimit -v')"
        }
    }

    /// Starts a thread of its own for `body`.
    ///
    /// - Parameter body: What the thread does; it ends with it.
    /// - Throws: ``Refusal`` when there is no such thread.
    public static func start(_ body: @escaping @Sendable () -> Void) throws(Refusal) {
        try create(body).detach()
    }

    /// Whether the process can have so many threads beside the present one, at the same time.
    ///
    /// They are made and ended again; the answer is remembered, also when it was no.
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

    /// The largest number of threads that could be had.
    private static let proven = Atomic<Int>(0)
    /// The smallest number of threads that could not.
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

    /// A thread that was made, and is to be joined or detached once.
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
        // SAFETY: the thread takes the reference that is handed over; without a thread it is taken
        // back here.
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
