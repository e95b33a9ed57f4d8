import Dispatch
import Foundation
import HRMData

/// Ends a preparation at SIGINT (Ctrl-C), SIGTERM or SIGHUP without leaving a folder half written.
///
/// The signals arrive on a queue and not in a handler, so any work can be ended at any moment, and the
/// temporary folder is removed by ordinary code. Then the signal has its usual effect.
enum PreparationInterruption {
    /// Made at the first use, and kept until the program ends.
    private static let listeners = [SIGINT, SIGTERM, SIGHUP].compactMap(Listener.init)

    /// Begins to listen.
    static func listen() { _ = listeners }

    /// Waits for one signal.
    private final class Listener: Sendable {
        private let source: any DispatchSourceSignal

        /// - Parameter number: The signal; SIGHUP stays ignored where it is, as `nohup` wants it.
        init?(_ number: Int32) {
            let wasIgnored = signal(number, SIG_IGN) != nil
            guard number != SIGHUP || !wasIgnored else { return nil }
            source = DispatchSource.makeSignalSource(
                signal: number, queue: DispatchQueue(label: "hrm.prepare.interruption"))
            source.setEventHandler {
                AtomicFolder.abandonAll { PreparationInterruption.end(by: number) }
            }
            source.resume()
        }
    }

    /// Ends the program by the signal itself, so that whoever waits for it knows why.
    private static func end(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, number)
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        kill(getpid(), number)
        // Another thread may be the one that the signal reaches.
        sleep(1)
        exit(128 + number)
    }
}
