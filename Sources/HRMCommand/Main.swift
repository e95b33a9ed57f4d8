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
        var running: (any ParsableCommand.Type)?
        do {
            var command = try RootCommand.parseAsRoot()
            running = type(of: command)
            try KernelPath.checkRequest()
            try command.run()
        } catch {
            exit(Failure(error, of: running).report())
        }
    }
}
