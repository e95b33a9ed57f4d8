#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The process's handling of signals.
package enum SystemSignal {
    /// Returns whether a signal is ignored, as `nohup` arranges before it starts a program.
    ///
    /// - Parameter number: The signal.
    /// - Returns: True if the signal has no effect.
    package static func isIgnored(_ number: Int32) -> Bool {
        // The handler can only be queried by setting another one; a signal in between is lost, so
        // this is for use at program start.
        let earlier = signal(number, SIG_IGN)
        signal(number, earlier)
        return unsafe unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
