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
        do {
            var command = try RootCommand.parseAsRoot()
            try KernelPath.checkRequest()
            try command.run()
        } catch {
            exit(Failure(error).report())
        }
    }
}
