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
        do {
            var command = try RootCommand.parseAsRoot()
            try KernelPath.checkRequest()
            try command.run()
        } catch {
            exit(Failure(error).report())
        }
    }
}
