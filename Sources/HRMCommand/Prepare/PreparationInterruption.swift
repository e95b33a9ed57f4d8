import Foundation
import HRMData
import HRMFiles

/// Ends a preparation at SIGINT (Ctrl-C), SIGTERM or SIGHUP without leaving a folder half written.
///
/// A thread waits for the signals, and no handler runs: so any work can be ended at any moment, and the
/// temporary folder is removed by ordinary code. Then the signal has its usual effect.
enum PreparationInterruption {
    /// Made at the first use.
    private static let thread: Void = start()

    /// Begins to listen; to be called before other threads are made, which inherit what is blocked.
    static func listen() { thread }

    private static func start() {
        // A signal that whoever started the program wants ignored, as nohup does, stays ignored.
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

    /// Ends the program by the signal itself, so that whoever waits for it knows why.
    private static func end(by number: Int32) -> Never {
        var ended = set(of: [number])
        pthread_sigmask(SIG_UNBLOCK, &ended, nil)
        kill(getpid(), number)
        // Where nothing happens, for example in a debugger.
        sleep(1)
        exit(128 + number)
    }
}
