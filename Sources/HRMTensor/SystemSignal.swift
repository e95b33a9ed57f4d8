#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the process does when the operating system sends it a signal.
public enum SystemSignal {
    /// Whether a signal is ignored, as `nohup` asks for before it starts a program.
    ///
    /// - Parameter number: The signal.
    /// - Returns: Whether nothing happens when it comes.
    public static func isIgnored(_ number: Int32) -> Bool {
        // The system tells what was set when something else is; a signal that comes in between is
        // lost, so this is for the start of a program.
        let earlier = signal(number, SIG_IGN)
        signal(number, earlier)
        return unsafe unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
