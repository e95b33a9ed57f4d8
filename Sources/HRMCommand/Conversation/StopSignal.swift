import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT) and SIGTERM into a wish to stop that work can ask for between two steps.
///
/// The second signal of a kind ends the program at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    /// Begins to listen.
    static func listen() {
        // A handler must not be the first to touch the lazily made counter.
        received.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            // Whoever started the program may have blocked the signal, and a mask is inherited.
            var mask = sigset_t()
            sigemptyset(&mask)
            sigaddset(&mask, number)
            pthread_sigmask(SIG_UNBLOCK, &mask, nil)
            signal(number) { number in
                StopSignal.received.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }

    /// The signal that came, if one did.
    static var current: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// The signal's name.
    static func name(of number: Int32) -> String { number == SIGINT ? "SIGINT" : "SIGTERM" }

    /// The exit status by which a shell knows that a program was ended by a signal.
    static func exitStatus(of number: Int32) -> Int32 { 128 + number }
}
