/// An error of an accelerator: a plug-in, its devices, or a program on them.
package enum AcceleratorError: Error, Equatable, Sendable {
    /// The category of an error that a plug-in returned, with the number of the interface.
    package enum Code: Int, Sendable {
        case cancelled = 1
        case unknown
        case invalidArgument
        case deadlineExceeded
        case notFound
        case alreadyExists
        case permissionDenied
        case resourceExhausted
        case failedPrecondition
        case aborted
        case outOfRange
        case unimplemented
        case `internal`
        case unavailable
        case dataLoss
        case unauthenticated
    }

    /// The file is no plug-in, or cannot be opened.
    case plugin(path: String, reason: String)
    /// The interface of the plug-in has a version that this package does not know.
    case version(path: String, version: PluginVersion)
    /// The plug-in lacks functions without which nothing runs.
    case missingFunctions(path: String, names: [String])
    /// A call of the plug-in failed.
    case failed(operation: String, code: Code, message: String)
    /// An option is not valid, or the plug-in must not see it.
    case option(name: String, reason: String)
    /// A program's text or options cannot be used.
    case program(reason: String)
    /// A program needs more devices than there are.
    case devices(needed: Int, found: Int)
    /// A buffer does not fit its parameter, its device or its type.
    case argument(position: String, reason: String)
}

extension AcceleratorError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    package var description: String {
        switch self {
        case .plugin(let path, let reason):
            "\(path) cannot be used as a PJRT plug-in: \(reason); 'hrm devices' lists the plug-ins "
                + "that are there, and 'hrm devices install cpu' installs one"
        case .version(let path, let version):
            "\(path) has version \(version) of the PJRT interface, and versions "
                + "\(PluginVersion.oldest) to 0.x are understood; install a newer plug-in"
        case .missingFunctions(let path, let names):
            "\(path) lacks \(names.joined(separator: ", ")) of the PJRT interface, without which "
                + "no program runs; install another plug-in"
        case .failed(let operation, let code, let message):
            "the plug-in could not \(operation) (\(code), code \(code.rawValue)): "
                + "\(message)\(code.remedy)"
        case .option(let name, let reason):
            "the option \(name) \(reason)"
        case .program(let reason):
            "a program cannot be compiled: \(reason)"
        case .devices(let needed, let found):
            "the program needs \(needed) devices, the plug-in has \(found); take fewer with "
                + "--devices"
        case .argument(let position, let reason):
            "\(position) \(reason)"
        }
    }
}

extension AcceleratorError.Code {
    /// The advice at the end of a message; empty if there is none.
    fileprivate var remedy: String {
        switch self {
        case .resourceExhausted:
            "; the memory of the device is full: take a smaller batch, or end other programs on it"
        case .unavailable, .deadlineExceeded:
            "; see whether the device is in use by another program or its driver is missing"
        case .unimplemented:
            "; the plug-in cannot do this: take a newer one"
        case .permissionDenied, .unauthenticated:
            "; see whether this user may open the device"
        default: ""
        }
    }
}
