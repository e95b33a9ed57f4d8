import Foundation
import HRMDistributed
import HRMTensor
import Synchronization

/// Converts Ctrl-C (SIGINT), SIGTERM and SIGHUP into a stop request that work can poll between two
/// steps.
///
/// The request is acknowledged at once, because a step can take minutes. A second SIGINT or SIGTERM
/// ends the process at once; SIGHUP does not, because a closed terminal sends it more than once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)
    private static let endsServer = Atomic<Bool>(false)

    /// Installs the signal handlers.
    ///
    /// - Parameter server: True if a server is to be ended, which has nothing to save.
    static func listen(server: Bool = false) {
        // A signal handler must not initialize lazy globals.
        received.store(0, ordering: .relaxed)
        endsServer.store(server, ordering: .relaxed)
        _ = (acknowledgement.count, serverAcknowledgement.count)
        // Open MPI's mpirun passes on SIGUSR1, and batch systems can send it before a time limit.
        let isShared = ProcessJob.cluster != nil
        for number in [SIGINT, SIGTERM, SIGHUP] + (isShared ? [SIGUSR1] : []) {
            // Under 'nohup', SIGHUP stays ignored.
            guard number != SIGHUP || !SystemSignal.isIgnored(number) else { continue }
            // The parent process may have blocked the signal, and the mask is inherited.
            var mask = sigset_t()
            sigemptyset(&mask)
            sigaddset(&mask, number)
            pthread_sigmask(SIG_UNBLOCK, &mask, nil)
            signal(number) { number in
                let error = errno
                StopSignal.received.store(number, ordering: .relaxed)
                if number != SIGHUP, number != SIGUSR1 {
                    signal(SIGINT, SIG_DFL)
                    signal(SIGTERM, SIG_DFL)
                }
                // Only the system call is async-signal-safe.
                let text =
                    StopSignal.endsServer.load(ordering: .relaxed)
                    ? StopSignal.serverAcknowledgement : StopSignal.acknowledgement
                _ = write(STDERR_FILENO, text, text.count)
                errno = error
            }
        }
    }

    /// The acknowledgement of a signal.
    private static let acknowledgement = line(
        "Stopping after this step; a second signal ends the program now, without saving")

    /// The acknowledgement of a signal that ends a server.
    private static let serverAcknowledgement = line(
        "Ending the server; a second signal ends it at once")

    /// Returns a line below the progress line of a terminal; nothing in all processes but one.
    private static func line(_ text: String) -> [UInt8] {
        guard ProcessJob.cluster?.rank ?? 0 == 0 else { return [] }
        return Array(((Console.showsProgressToPerson ? "\n" : "") + text + "\n").utf8)
    }

    /// The received signal, if any.
    static var current: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Returns the signal's name.
    static func name(of number: Int32) -> String {
        switch number {
        case SIGINT: "SIGINT"
        case SIGHUP: "SIGHUP"
        case SIGUSR1: "SIGUSR1"
        default: "SIGTERM"
        }
    }

    /// Returns a shell's exit status for a process ended by a signal.
    static func exitStatus(of number: Int32) -> Int32 { 128 + number }
}
