#if MPI
    internal import HRMTensor
    import Synchronization

    #if canImport(Glibc)
        internal import Glibc
    #elseif canImport(Musl)
        internal import Musl
    #elseif canImport(Darwin)
        internal import Darwin
    #endif

    /// Signs of life between process 0 and each of the others, sent twice a second by a thread.
    ///
    /// A launcher notices a process that ends, but not one that hangs, nor a machine that is cut off.
    /// Time is counted in rounds of the own thread, so a machine that sleeps notices nothing missing
    /// when it wakes up.
    @safe final class Heartbeat: @unchecked Sendable {
        // SAFETY: everything but `isEnding` and `hasEnded` is used by the thread alone.
        private unowned let communicator: MPICommunicator
        private let peers: [Peer]
        private let mostRounds: Int
        private let silence: Double
        private let isEnding = Atomic<Bool>(false)
        private let hasEnded = Atomic<Bool>(false)

        /// The time between two signs of life in microseconds.
        private static let interval: UInt32 = 500_000

        /// The signs of life of another process.
        @safe private final class Peer {
            let rank: Int
            var missed = 0
            // SAFETY: allocated once, and never freed, since MPI may still use them at the end.
            let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
            let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
            var receiving: MPITransfer?
            var sending: MPITransfer?

            init(rank: Int) {
                self.rank = rank
                unsafe outgoing.initializeMemory(as: UInt8.self, repeating: 1)
            }
        }

        init(_ communicator: MPICommunicator, silence: Double) {
            self.communicator = communicator
            self.silence = silence
            mostRounds = max(2, Int(silence * 1e6 / Double(Self.interval)))
            peers =
                communicator.rank == 0
                ? (1..<communicator.size).map(Peer.init) : [Peer(rank: 0)]
        }

        func start() {
            if !DetachedThread.start({ self.run() }) { hasEnded.store(true, ordering: .releasing) }
        }

        /// Ends the thread, and waits for it.
        func end() {
            isEnding.store(true, ordering: .releasing)
            while !hasEnded.load(ordering: .acquiring) { usleep(5000) }
        }

        private func run() {
            while true {
                // Short naps, so that the end of the job is not delayed.
                for _ in 0..<10 {
                    usleep(Self.interval / 10)
                    if isEnding.load(ordering: .acquiring) { break }
                }
                if isEnding.load(ordering: .acquiring) { break }
                for peer in peers { exchange(with: peer) }
            }
            for peer in peers { peer.receiving?.withdraw() }
            hasEnded.store(true, ordering: .releasing)
        }

        private func exchange(with peer: Peer) {
            if peer.sending?.isDone ?? true {
                peer.sending = unsafe communicator.startSend(
                    UnsafeRawBufferPointer(peer.outgoing), to: peer.rank, channel: .heartbeat)
            }
            peer.missed += 1
            // Several may have come since the last round.
            while true {
                guard let receiving = peer.receiving else {
                    peer.receiving = unsafe communicator.startReceive(
                        peer.incoming, from: peer.rank, channel: .heartbeat)
                    continue
                }
                guard receiving.isDone else { break }
                peer.receiving = nil
                peer.missed = 0
            }
            if peer.missed > mostRounds {
                communicator.abort(
                    .silent(
                        rank: peer.rank, machine: communicator.machine(of: peer.rank),
                        seconds: silence))
            }
        }
    }
#endif
