import Foundation

/// What the operating system knows of this process's memory.
public enum ProcessMemory {
    /// The most physical memory the process ever had, in bytes.
    public static var peak: Int {
        var usage = rusage()
        #if os(Linux)
            // Counted in units of 1024 bytes there.
            let unit = 1024
            guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        #else
            let unit = 1
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
        #endif
        return Int(usage.ru_maxrss) * unit
    }
}
