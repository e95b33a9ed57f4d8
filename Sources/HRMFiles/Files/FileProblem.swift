import Foundation

/// A file error of the operating system, in words that do not mention a programming library.
package struct FileProblem: Error {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    /// Creates a problem with the system's message for an error number.
    package init(errorNumber: Int32) {
        reason = String(cString: strerror(errorNumber))
    }

    /// Creates a problem from an error, with the system's message if there is an error number.
    ///
    /// The system's messages are shorter and more specific than Foundation's.
    package init(_ error: any Error) {
        let known = error as NSError
        if let number = Self.errorNumber(of: known) {
            self.init(errorNumber: number)
        } else {
            self.init(reason: Self.words(for: known, error))
        }
    }

    /// Returns true if the error is Foundation's own, whose message mentions a programming library.
    package static func isFoundations(_ error: any Error) -> Bool {
        let kinds: [any Error.Type] = [
            NSError.self, CocoaError.self, POSIXError.self, DecodingError.self, EncodingError.self,
        ]
        return kinds.contains { $0 == type(of: error) }
    }

    /// Returns the error number of an error or its underlying error.
    private static func errorNumber(of error: NSError, depth: Int = 0) -> Int32? {
        if error.domain == NSPOSIXErrorDomain {
            return Int32(exactly: error.code).flatMap { $0 > 0 ? $0 : nil }
        }
        if depth < 8, let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error,
            let number = errorNumber(of: cause as NSError, depth: depth + 1)
        {
            return number
        }
        return error.domain == NSCocoaErrorDomain ? cocoaNumbers[error.code] : nil
    }

    private static let cocoaNumbers: [Int: Int32] = [
        NSFileNoSuchFileError: ENOENT, NSFileReadNoSuchFileError: ENOENT,
        NSFileReadNoPermissionError: EACCES, NSFileWriteNoPermissionError: EACCES,
        NSFileWriteFileExistsError: EEXIST, NSFileWriteOutOfSpaceError: ENOSPC,
        NSFileWriteVolumeReadOnlyError: EROFS, NSFileReadInvalidFileNameError: EINVAL,
        NSFileWriteInvalidFileNameError: EINVAL, NSFileReadTooLargeError: EFBIG,
        NSFileLockingError: EAGAIN,
    ]

    private static func words(for known: NSError, _ error: any Error) -> String {
        if let damage = error as? DecodingError { return damage.explanation }
        switch known.domain {
        case NSCocoaErrorDomain: return cocoaWords[known.code] ?? "the system does not say why"
        case NSURLErrorDomain: return networkWords[known.code] ?? "the connection failed"
        default: break
        }
        // An error with its own description is not one of Foundation's.
        if let words = (error as? any LocalizedError)?.errorDescription { return words }
        return isFoundations(error) ? "the system does not say why" : "\(error)"
    }

    private static let cocoaWords: [Int: String] = [
        NSFileReadCorruptFileError: "its content is damaged",
        NSPropertyListReadCorruptError: "its content is damaged",
        NSFileReadInapplicableStringEncodingError: "it is not UTF-8 text",
        NSFileReadUnknownStringEncodingError: "it is not UTF-8 text",
        NSFileReadUnknownError: "the system cannot read it",
        NSFileWriteUnknownError: "the system cannot write it",
    ]

    private static let networkWords: [Int: String] = [
        NSURLErrorTimedOut: "no answer came in time",
        NSURLErrorCannotFindHost: "the name of the server is not known",
        NSURLErrorDNSLookupFailed: "the name of the server is not known",
        NSURLErrorCannotConnectToHost: "the server does not accept a connection",
        NSURLErrorNetworkConnectionLost: "the connection broke off",
        NSURLErrorNotConnectedToInternet: "this machine is not connected to a network",
        NSURLErrorSecureConnectionFailed: "no secure connection could be made",
        NSURLErrorServerCertificateUntrusted: "the certificate of the server is not trusted",
        NSURLErrorServerCertificateHasBadDate: "the certificate of the server has expired",
        NSURLErrorServerCertificateHasUnknownRoot: "the certificate of the server is not trusted",
        NSURLErrorServerCertificateNotYetValid: "the certificate of the server is not valid yet",
        NSURLErrorBadServerResponse: "the answer of the server makes no sense",
    ]
}
