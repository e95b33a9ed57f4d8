import HRMTensor
import Synchronization

/// The processes of a job, seen from one of them.
///
/// Process 0 creates engines that all processes compute together; the others call
/// ``serve(isStopRequested:)``.
package final class Cluster: Sendable {
    /// Messages between the processes.
    package let communicator: any Communicator
    /// The machine and the processors of each process; only the own ones in processes other than 0.
    package let members: [Member]
    private let identifiers = Atomic<Int>(0)
    private let stop = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private let sums = Mutex(ExchangeTimes())

    /// A process of a job.
    package struct Member: Sendable, Equatable {
        /// The number of the process.
        package var rank: Int
        /// The name of its machine.
        package var machine: String
        /// The number of processors that it may use.
        package var processors: Int
    }

    /// Meets the other processes; all of them do so together.
    ///
    /// - Parameters:
    ///   - communicator: Messages between the processes.
    ///   - machine: The name of this machine.
    ///   - version: The version of the program, the same in all processes.
    package init(_ communicator: any Communicator, machine: String, version: String) {
        self.communicator = communicator
        let own = Member(
            rank: communicator.rank, machine: machine, processors: Workers.available.count)
        let kernels = KernelPath.active.name
        guard communicator.rank == 0 else {
            members = [own]
            var message = MessageWriter()
            message.add(version)
            message.add(kernels)
            message.add(machine)
            message.add(own.processors)
            communicator.send(message.bytes, to: 0)
            return
        }
        var members = [own]
        for rank in 1..<communicator.size {
            do throws(MessageReader.Problem) {
                var message = MessageReader(communicator.receiveMessage(from: rank))
                let (theirVersion, theirKernels) = (try message.text(), try message.text())
                let member = Member(
                    rank: rank, machine: try message.text(), processors: try message.integer())
                guard theirVersion == version else {
                    communicator.abort(
                        .unequal(
                            reason: "rank \(rank) on \(member.machine) is hrm \(theirVersion), and "
                                + "rank 0 is \(version); install the same build on all machines"))
                }
                guard theirKernels == kernels else {
                    communicator.abort(
                        .unequal(
                            reason: "rank \(rank) on \(member.machine) has \(theirKernels) "
                                + "kernels, and rank 0 on \(machine) has \(kernels), so their weights would "
                                + "drift apart; choose kernels that all machines have with "
                                + "HRM_KERNELS, such as HRM_KERNELS=avx2"))
                }
                members.append(member)
            } catch {
                communicator.abort(.malformed(rank: rank, reason: error.reason))
            }
        }
        self.members = members
    }

    /// The number of processes.
    package var size: Int { communicator.size }
    /// The number of this process.
    package var rank: Int { communicator.rank }

    /// True if another process has been asked to stop.
    package var isStopRequested: Bool { stop.load(ordering: .relaxed) }

    /// The times of all training steps so far.
    package var times: ExchangeTimes { sums.withLock { $0 } }

    func note(step: Duration, waiting: Duration, reduction: Duration) {
        sums.withLock { $0.add(step: step, waiting: waiting, reduction: reduction) }
    }

    func noteStopRequest() { stop.store(true, ordering: .relaxed) }

    /// True after ``end(status:)``: the other processes read no more messages.
    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    func nextIdentifier() -> Int { identifiers.add(1, ordering: .relaxed).newValue }

    func sendToAll(_ message: MessageWriter) {
        for rank in 1..<size { communicator.send(message.bytes, to: rank) }
    }

    /// Divides work that each process does by itself.
    ///
    /// - Parameter items: All items in process 0; ignored in the others.
    /// - Returns: The items of this process.
    package func share(of items: [Int]) -> [Int] {
        guard rank == 0 else {
            do throws(MessageReader.Problem) {
                var message = MessageReader(communicator.receiveMessage(from: 0))
                return try message.integers()
            } catch {
                communicator.abort(.malformed(rank: 0, reason: error.reason))
            }
        }
        func share(_ rank: Int) -> [Int] {
            stride(from: rank, to: items.count, by: size).map { items[$0] }
        }
        for rank in 1..<size {
            var message = MessageWriter()
            message.add(share(rank))
            communicator.send(message.bytes, to: rank)
        }
        return share(0)
    }

    /// Tells process 0 that this process has done its share.
    package func announceEnd() { communicator.send([], to: 0) }

    /// Waits in process 0 until all others have done their share, which can take long.
    package func awaitOthers() {
        for rank in 1..<size { _ = communicator.receiveMessage(from: rank, isLimited: false) }
    }

    /// Executes the requests of process 0 until it ends the job.
    ///
    /// - Parameter isStopRequested: True if this process has been asked to stop.
    /// - Returns: The exit status.
    package func serve(isStopRequested: @escaping () -> Bool) -> Int32 {
        var server = EngineServer(communicator, isStopRequested: isStopRequested)
        return server.serve()
    }

    /// Ends the other processes' ``serve(isStopRequested:)``.
    ///
    /// - Parameter status: Their exit status.
    package func end(status: Int32) {
        var message = MessageWriter()
        message.add(Command.end.rawValue)
        message.add(Int(status))
        sendToAll(message)
        ended.store(true, ordering: .relaxed)
    }
}
