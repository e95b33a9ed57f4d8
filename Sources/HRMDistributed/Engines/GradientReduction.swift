package import HRMTensor

/// The sum of all workers' gradients over all processes, in the order of the workers.
///
/// Floating-point sums depend on their order, and MPI's own reductions choose one by the length of
/// the array. Here every element is `((g₀ + g₁) + g₂) + …` over the workers of process 0, then those
/// of process 1, and so on, exactly as one process with all workers adds them. Process `r` receives
/// the sum so far of one part after another, adds its own workers and passes the part on; the last
/// process sends the finished parts back the same way, while sums of later parts still arrive. So each
/// connection transfers the gradient once in each direction, whatever the number of workers:
///
/// ```
/// 2·(n − 1)·(part / bandwidth + latency) + gradient / bandwidth
/// ```
package struct GradientReduction {
    private let communicator: any Communicator
    private let workers: Workers
    /// The elements of a part.
    private let partSize: Int
    /// The parts in transfer at the same time on one connection.
    private let depth = 4
    private let buffers: [Matrix]

    /// Allocates buffers.
    ///
    /// - Parameters:
    ///   - communicator: The processes.
    ///   - workers: The threads of this process.
    ///   - partSize: The number of elements in a part, 1 MiB by default.
    package init(_ communicator: any Communicator, workers: Workers, partSize: Int = 1 << 18) {
        self.communicator = communicator
        self.workers = workers
        self.partSize = partSize
        buffers =
            communicator.rank > 0
            ? (0..<depth).map { _ in Matrix(rows: 1, columns: partSize) } : []
    }

    /// A transfer with its part.
    private struct Open {
        var part: Int
        var transfer: any Transfer
    }

    /// Replaces the first gradient with the sum over all processes, and clears the others.
    ///
    /// - Parameter gradients: The gradients of the workers of this process, `[1, count]` each, the
    ///   same count in every process.
    package func sum(_ gradients: [Matrix]) {
        let (rank, last) = (communicator.rank, communicator.size - 1)
        let total = gradients[0]
        let count = (total.columns + partSize - 1) / partSize
        func range(_ part: Int) -> Range<Int> {
            (part * partSize)..<min((part + 1) * partSize, total.columns)
        }
        var (announced, added, returned) = (0, 0, 0)
        var arriving: [Open] = []  // sums so far, from the process before
        var leaving: [Open] = []  // sums so far, to the next process
        var returning: [Open] = []  // finished sums, from the next process
        var forwarding: [Open] = []  // finished sums, to the process before
        var pause = Pause()
        while returned < count || !forwarding.isEmpty || !leaving.isEmpty {
            var hasProgress = false
            while rank > 0, announced < count, announced - added < depth {
                let buffer = buffers[announced % depth].columns(0..<range(announced).count)
                arriving.append(Open(part: announced, transfer: receive(buffer, from: rank - 1)))
                announced += 1
            }
            let hasRoom = leaving.count < depth && forwarding.count < depth
            if added < count, hasRoom, rank == 0 || arriving.first?.transfer.isDone == true {
                let part = added
                if rank > 0 { arriving.removeFirst() }
                let buffer = rank > 0 ? buffers[part % depth].columns(0..<range(part).count) : nil
                add(gradients, range(part), to: buffer)
                added += 1
                hasProgress = true
                if rank < last {
                    leaving.append(
                        Open(part: part, transfer: send(total.columns(range(part)), to: rank + 1)))
                } else {
                    returned += 1
                    if rank > 0 { forward(part, of: total.columns(range(part)), &forwarding) }
                }
            }
            // The sum so far must have left before the finished sum takes its place.
            while let first = leaving.first, first.transfer.isDone {
                leaving.removeFirst()
                let place = total.columns(range(first.part))
                returning.append(
                    Open(part: first.part, transfer: receive(place, from: rank + 1)))
                hasProgress = true
            }
            while let first = returning.first, first.transfer.isDone {
                returning.removeFirst()
                returned += 1
                if rank > 0 {
                    forward(first.part, of: total.columns(range(first.part)), &forwarding)
                }
                hasProgress = true
            }
            while let first = forwarding.first, first.transfer.isDone {
                forwarding.removeFirst()
                hasProgress = true
            }
            if hasProgress {
                pause.reset()
            } else {
                pause.rest()
                if pause.seconds > communicator.longestWait {
                    communicator.abort(
                        .late(
                            rank: arriving.isEmpty ? min(rank + 1, last) : rank - 1,
                            seconds: communicator.longestWait))
                }
            }
        }
        for gradient in gradients.dropFirst() { gradient.clear() }
    }

    private func forward(_ part: Int, of sum: Matrix, _ open: inout [Open]) {
        open.append(Open(part: part, transfer: send(sum, to: communicator.rank - 1)))
    }

    /// Adds the gradients of this process to the sum of the processes before it; the result replaces
    /// the first gradient.
    private func add(_ gradients: [Matrix], _ range: Range<Int>, to buffer: Matrix?) {
        let parts = gradients.map { $0.columns(range) }
        guard buffer != nil || parts.count > 1 else { return }
        let workers = workers
        // Also with one worker, since workers flush subnormal numbers, as the optimizer does.
        workers.run { worker in
            let share = workers.vectorShare(of: range.count, worker: worker)
            let total = parts[0].columns(share)
            if let buffer { Sum.of(buffer.columns(share), total, into: total) }
            for part in parts.dropFirst() { Sum.of(total, part.columns(share), into: total) }
        }
    }

    private func send(_ matrix: Matrix, to peer: Int) -> any Transfer {
        unsafe communicator.startSend(UnsafeRawBufferPointer(matrix.memory), to: peer)
    }

    private func receive(_ matrix: Matrix, from peer: Int) -> any Transfer {
        unsafe communicator.startReceive(matrix.memory, from: peer)
    }
}
