/// The processes that share a computation, and messages between them.
///
/// Messages from one process to another arrive in the order in which they were sent. A failure ends
/// all processes (``abort(_:)``), because a training without one of them cannot continue; no function
/// therefore throws. Every wait is limited in time.
package protocol Communicator: AnyObject, Sendable {
    /// The number of this process, `0 ..< size`.
    var rank: Int { get }
    /// The number of processes.
    var size: Int { get }
    /// The longest time to wait for one message in seconds.
    var longestWait: Double { get }

    /// Begins to send bytes, which must be valid and unchanged until the transfer is done.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - peer: The receiver.
    /// - Returns: The transfer.
    func startSend(_ bytes: UnsafeRawBufferPointer, to peer: Int) -> any Transfer

    /// Begins to receive a message of exactly as many bytes as a buffer has, which must be valid until
    /// the transfer is done.
    ///
    /// - Parameters:
    ///   - bytes: The buffer.
    ///   - peer: The sender.
    /// - Returns: The transfer.
    func startReceive(_ bytes: UnsafeMutableRawBufferPointer, from peer: Int) -> any Transfer

    /// Reports an error and ends all processes.
    ///
    /// - Parameter error: The error.
    func abort(_ error: CommunicationError) -> Never

    /// Leaves the computation; all processes call it last.
    func finish()
}

/// A message that is being sent or received.
package protocol Transfer: AnyObject {
    /// True if the message has been sent or received; must be read until it is true.
    var isDone: Bool { get }
}

/// The reason why processes cannot continue a computation together.
package enum CommunicationError: Error, Equatable, Sendable {
    /// A process has given no sign of life.
    case silent(rank: Int, machine: String, seconds: Double)
    /// A message did not arrive in time.
    case late(rank: Int, seconds: Double)
    /// A message is not what the protocol expects here.
    case malformed(rank: Int, reason: String)
    /// The processes do not fit together.
    case unequal(reason: String)
    /// The library reported an error.
    case library(text: String)
    /// The process failed by itself.
    case failed(reason: String)
}

extension CommunicationError: CustomStringConvertible {
    /// One sentence that states the problem and the remedy.
    package var description: String {
        switch self {
        case .silent(let rank, let machine, let seconds):
            "rank \(rank) on \(machine) has given no sign of life for \(seconds) s, so all ranks are "
                + "ended; the last checkpoint is complete: continue with hrm train --resume"
        case .late(let rank, let seconds):
            "a message of rank \(rank) did not arrive within \(seconds) s, so all ranks are ended; "
                + "if a step can take so long, raise HRM_MPI_WAIT (in seconds)"
        case .malformed(let rank, let reason):
            "a message of rank \(rank) is not usable: \(reason); start the same build of hrm on all "
                + "machines"
        case .unequal(let reason): reason
        case .library(let text): "MPI: \(text); all ranks are ended"
        case .failed(let reason): reason
        }
    }
}
