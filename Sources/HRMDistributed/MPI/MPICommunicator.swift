#if MPI
    internal import CMPI
    internal import HRMTensor
    import Synchronization

    #if canImport(Glibc)
        internal import Glibc
    #elseif canImport(Musl)
        internal import Musl
    #elseif canImport(Darwin)
        internal import Darwin
    #endif

    /// The processes of an MPI job.
    ///
    /// No call blocks inside MPI, whose waits would occupy a processor and never end if a process is
    /// lost: transfers are polled with pauses, and ``Heartbeat`` watches the other processes.
    package final class MPICommunicator: Communicator {
        package let rank: Int
        package let size: Int
        /// The number of processes on this machine.
        package let localSize: Int
        package let longestWait: Double
        /// The name of this machine.
        package let machine: String
        /// The name and version of the MPI library.
        package let library: String
        private let report: @Sendable (String) -> Void
        private let heartbeat = Mutex<Heartbeat?>(nil)
        private let machines = Mutex<[Int: String]>([:])

        /// The channels of messages.
        enum Channel: CInt {
            case data = 0
            case heartbeat = 1
        }

        /// Joins the job.
        ///
        /// - Parameter report: Prints an error before all processes are ended.
        /// - Throws: ``CommunicationError``.
        package init(report: @escaping @Sendable (String) -> Void) throws(CommunicationError) {
            setDefaults()
            var facts = hrm_mpi_facts()
            let code = unsafe hrm_mpi_start(&facts)
            guard code == 0 else { throw .library(text: Self.text(of: code)) }
            guard facts.allows_threads == 1 else {
                throw .failed(
                    reason: "this MPI library allows no threads (MPI_THREAD_SERIALIZED); use one "
                        + "that was built with them, as Open MPI and MPICH are by default")
            }
            rank = Int(facts.rank)
            size = Int(facts.size)
            localSize = Int(facts.local_size)
            longestWait = LauncherEnvironment.seconds("HRM_MPI_WAIT") ?? 3600
            machine = unsafe Self.text { unsafe hrm_mpi_machine($0, $1) }
            library = unsafe Self.text { unsafe hrm_mpi_library($0, $1) }
            self.report = report
            guard size > 1 else { return }
            let beat = Heartbeat(self, silence: LauncherEnvironment.seconds("HRM_MPI_SILENCE") ?? 6)
            heartbeat.withLock { $0 = beat }
            beat.start()
        }

        /// Returns a text that a C function writes.
        private static func text(
            _ body: (UnsafeMutablePointer<CChar>, Int) -> Void
        ) -> String {
            var buffer = [CChar](repeating: 0, count: 1024)
            unsafe buffer.withUnsafeMutableBufferPointer {
                guard let start = $0.baseAddress else { return }
                unsafe body(start, $0.count)
            }
            return String(
                decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        static func text(of code: CInt) -> String {
            unsafe text { unsafe hrm_mpi_error_text(code, $0, $1) }
        }

        package func startSend(
            _ bytes: UnsafeRawBufferPointer, to peer: Int
        ) -> any Transfer {
            unsafe startSend(bytes, to: peer, channel: .data)
        }

        func startSend(
            _ bytes: UnsafeRawBufferPointer, to peer: Int, channel: Channel
        ) -> MPITransfer {
            var request: UnsafeMutableRawPointer?
            let code = unsafe hrm_mpi_send(
                bytes.baseAddress, bytes.count, CInt(peer), channel.rawValue, &request)
            guard code == 0 else {
                abort(.library(text: "sending to rank \(peer): \(Self.text(of: code))"))
            }
            return unsafe MPITransfer(request, expected: nil, peer: peer, owner: self)
        }

        package func startReceive(
            _ bytes: UnsafeMutableRawBufferPointer, from peer: Int
        ) -> any Transfer {
            unsafe startReceive(bytes, from: peer, channel: .data)
        }

        func startReceive(
            _ bytes: UnsafeMutableRawBufferPointer, from peer: Int, channel: Channel
        ) -> MPITransfer {
            var request: UnsafeMutableRawPointer?
            let code = unsafe hrm_mpi_receive(
                bytes.baseAddress, bytes.count, CInt(peer), channel.rawValue, &request)
            guard code == 0 else {
                abort(.library(text: "receiving from rank \(peer): \(Self.text(of: code))"))
            }
            return unsafe MPITransfer(request, expected: bytes.count, peer: peer, owner: self)
        }

        /// Notes the names of the other processes' machines, for messages.
        package func note(_ members: [Cluster.Member]) {
            machines.withLock { machines in
                for member in members { machines[member.rank] = member.machine }
            }
        }

        func machine(of rank: Int) -> String {
            machines.withLock { $0[rank] } ?? "another machine"
        }

        package func abort(_ error: CommunicationError) -> Never {
            report("Error: rank \(rank) of \(size) on \(machine): \(error)")
            hrm_mpi_abort(1)
            _exit(1)
        }

        package func finish() {
            heartbeat.withLock { $0 }?.end()
            _ = hrm_mpi_finish()
        }
    }

    /// Sets variables of Open MPI that are not set: a process that waits must not occupy a processor.
    private func setDefaults() {
        unsafe setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0)
    }

    /// A message of MPI in transfer.
    @safe final class MPITransfer: Transfer {
        private var request: UnsafeMutableRawPointer?
        private let expected: Int?
        private let peer: Int
        private let owner: MPICommunicator

        init(
            _ request: UnsafeMutableRawPointer?, expected: Int?, peer: Int, owner: MPICommunicator
        ) {
            unsafe self.request = request
            self.expected = expected
            self.peer = peer
            self.owner = owner
        }

        var isDone: Bool {
            guard let open = unsafe request else { return true }
            var (done, count): (CInt, Int) = (0, 0)
            let code = unsafe hrm_mpi_test(open, &done, &count)
            guard code == 0 else {
                owner.abort(.library(text: "rank \(peer): \(MPICommunicator.text(of: code))"))
            }
            guard done == 1 else { return false }
            unsafe request = nil
            if let expected, count != expected {
                owner.abort(
                    .malformed(rank: peer, reason: "\(count) bytes instead of \(expected)"))
            }
            return true
        }

        /// Withdraws a receive.
        func withdraw() {
            guard let open = unsafe request else { return }
            unsafe request = nil
            _ = unsafe hrm_mpi_withdraw(open)
        }
    }
#endif
