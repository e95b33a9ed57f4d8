/// The exit statuses of failed commands.
enum ExitStatus {
    /// The status of an error in the input or the system.
    static let failed: Int32 = 1
    /// The status of an error in the command line.
    static let usage: Int32 = 2
}
