import Foundation
import HRMData
import HRMFiles

/// Ends a preparation on SIGINT (Ctrl-C), SIGTERM or SIGHUP without leaving an incomplete folder.
///
/// A thread waits for the signals in place of a handler, so any work can be ended at any time, and
/// ordinary code removes the temporary folder. Then the signal has its usual effect.
enum PreparationInterruption {
    /// The signal thread, started on first use.
    private static let thread: Void = start()

    /// Starts listening; call it before other threads are created, which inherit the signal mask.
    static func listen() { thread }

    private static func start() {
        // A SIGHUP ignored by the parent process, as with nohup, stays ignored.
        let isHangupIgnored = signal(SIGHUP, SIG_DFL) != nil
        if isHangupIgnored { signal(SIGHUP, SIG_IGN) }
        let numbers = [SIGINT, SIGTERM] + (isHangupIgnored ? [] : [SIGHUP])
        for number in numbers { signal(number, SIG_DFL) }
        var blocked = set(of: numbers)
        pthread_sigmask(SIG_BLOCK, &blocked, nil)
        Thread.detachNewThread {
            var awaited = set(of: numbers)
            var number: Int32 = 0
            while sigwait(&awaited, &number) != 0 {}
            AtomicFolder.abandonAll { end(by: number) }
        }
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    /// Ends the process by the signal itself, so that the parent process sees the cause.
    private static func end(by number: Int32) -> Never {
        var ended = set(of: [number])
        pthread_sigmask(SIG_UNBLOCK, &ended, nil)
        kill(getpid(), number)
        // In case the signal has no effect, for example in a debugger.
        sleep(1)
        exit(128 + number)
    }
}
