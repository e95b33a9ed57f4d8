import ArgumentParser
import Foundation
import HRMTensor

/// Where the program begins.
///
/// Argument-parser's own `main` would end usage errors with the status 64 and not check the kernels.
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
