import Foundation
import HRMDistributed
import HRMTensor
import Synchronization

/// Communicators of several threads of one process, in place of those of MPI.
final class ThreadCommunicator: Communicator {
    let rank: Int
    let size: Int
    let longestWait = 60.0
    private let post: Post

    /// The messages on their way.
    private final class Post: Sendable {
        let messages = Mutex<[Int: [[UInt8]]]>([:])
    }

    private init(rank: Int, size: Int, post: Post) {
        self.rank = rank
        self.size = size
        self.post = post
    }

    /// Returns connected communicators.
    static func make(_ size: Int) -> [ThreadCommunicator] {
        let post = Post()
        return (0..<size).map { ThreadCommunicator(rank: $0, size: size, post: post) }
    }

    private final class Sent: Transfer {
        var isDone: Bool { true }
    }

    @safe private final class Arriving: Transfer {
        private let poll: () -> Bool
        private(set) var hasCome = false
        init(_ poll: @escaping () -> Bool) { self.poll = poll }
        var isDone: Bool {
            if !hasCome { hasCome = poll() }
            return hasCome
        }
    }

    func startSend(_ bytes: UnsafeRawBufferPointer, to peer: Int) -> any Transfer {
        precondition(peer != rank && (0..<size).contains(peer), "\(rank) sends to \(peer)")
        let message = unsafe [UInt8](bytes)
        post.messages.withLock { $0[peer * size + rank, default: []].append(message) }
        return Sent()
    }

    func startReceive(_ bytes: UnsafeMutableRawBufferPointer, from peer: Int) -> any Transfer {
        precondition(peer != rank && (0..<size).contains(peer), "\(rank) receives from \(peer)")
        let (post, place) = (post, rank * size + peer)
        return Arriving {
            let message: [UInt8]? = post.messages.withLock { messages in
                guard let first = messages[place]?.first else { return nil }
                messages[place]?.removeFirst()
                return first
            }
            guard let message else { return false }
            precondition(message.count == bytes.count, "\(message.count) bytes for \(bytes.count)")
            unsafe bytes.copyBytes(from: message)
            return true
        }
    }

    func abort(_ error: CommunicationError) -> Never { preconditionFailure("\(error)") }

    func finish() {}
}

/// Runs `body` with each of several communicators on a thread of its own.
func together<Result: Sendable>(
    _ size: Int, _ body: @escaping @Sendable (ThreadCommunicator) -> Result
) -> [Result] {
    let results = Mutex<[Int: Result]>([:])
    for communicator in ThreadCommunicator.make(size) {
        let started = DetachedThread.start {
            let result = body(communicator)
            results.withLock { $0[communicator.rank] = result }
        }
        precondition(started, "no thread")
    }
    while results.withLock({ $0.count }) < size { usleep(1000) }
    return results.withLock { found in (0..<size).compactMap { found[$0] } }
}
