import Foundation
import HRMTensor
import Synchronization

/// Turns Ctrl-C (SIGINT), SIGTERM and the end of the terminal (SIGHUP) into a wish to stop that work
/// can ask for between two steps.
///
/// The wish is acknowledged at once, since a step can take minutes. A second SIGINT or SIGTERM ends
/// the program at once; a terminal that is closed sends SIGHUP more than once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    /// Begins to listen.
    static func listen() {
        // A handler must not be the first to touch what is made lazily.
        received.store(0, ordering: .relaxed)
        _ = acknowledgement.count
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // 'nohup' has asked for it that the end of the terminal is no matter.
            guard number != SIGHUP || !SystemSignal.isIgnored(number) else { continue }
            // Whoever started the program may have blocked the signal, and a mask is inherited.
            var mask = sigset_t()
            sigemptyset(&mask)
            sigaddset(&mask, number)
            pthread_sigmask(SIG_UNBLOCK, &mask, nil)
            signal(number) { number in
                let error = errno
                StopSignal.received.store(number, ordering: .relaxed)
                if number != SIGHUP {
                    signal(SIGINT, SIG_DFL)
                    signal(SIGTERM, SIG_DFL)
                }
                // Of all ways to print, only the system call is safe here.
                let text = StopSignal.acknowledgement
                _ = write(STDERR_FILENO, text, text.count)
                errno = error
            }
        }
    }

    /// What is said in answer to a signal.
    private static let acknowledgement: [UInt8] = {
        let text =
            "Stopping after this step; a second signal ends the program now, without saving\n"
        // Below the progress line of a terminal.
        return Array(((Console.showsProgressToPerson ? "\n" : "") + text).utf8)
    }()

    /// The signal that came, if one did.
    static var current: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// The signal's name.
    static func name(of number: Int32) -> String {
        switch number {
        case SIGINT: "SIGINT"
        case SIGHUP: "SIGHUP"
        default: "SIGTERM"
        }
    }

    /// The exit status by which a shell knows that a program was ended by a signal.
    static func exitStatus(of number: Int32) -> Int32 { 128 + number }
}
