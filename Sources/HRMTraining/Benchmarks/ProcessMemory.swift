import Foundation

/// Statistics of the memory and time of this process, from the operating system.
package enum ProcessMemory {
    /// The process's peak physical memory in bytes.
    package static var peak: Int {
        var usage = rusage()
        #if os(Linux)
            // Linux reports units of 1024 bytes.
            let unit = 1024
            guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        #else
            let unit = 1
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
        #endif
        return Int(usage.ru_maxrss) * unit
    }

    /// The processor time of all threads of this process in seconds.
    package static var processorSeconds: Double {
        var usage = rusage()
        #if os(Linux)
            guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        #else
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
        #endif
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6
        }
    }
}
