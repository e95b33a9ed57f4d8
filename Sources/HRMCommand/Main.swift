import ArgumentParser
import Foundation
import HRMTensor

/// The entry point of the program.
///
/// ArgumentParser's own `main` would exit with status 64 on usage errors, and would not check the
/// kernels.
@main
enum Main {
    static func main() {
        StandardStreams.prepare()
        let status = ProcessJob.run(execute)
        if status != 0 { exit(status) }
    }

    /// Runs the command, and returns the exit status.
    private static func execute() -> Int32 {
        var running: (any ParsableCommand.Type)?
        do {
            var command = try RootCommand.parseAsRoot()
            running = type(of: command)
            try KernelPath.checkRequest()
            try command.run()
            return 0
        } catch {
            return Failure(error, of: running).report()
        }
    }
}
